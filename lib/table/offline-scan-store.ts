// Records offline scans on tickets: one write that restates every fact which the decision relied on. A clash is put in
// the ledger by the same transaction.
import {
  ConditionalCheckFailedException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { OfflineScanStore } from '../app/door/ports.ts';
import type { Ticket } from '../domain/ticket.ts';
import { toClashPut } from './clash-store.ts';
import { barcodeKey } from './keys.ts';
import { loadBarcodes } from './load-tickets.ts';
import { toExitGate } from './scan-writes.ts';
import type { TableAccess } from './table-access.ts';
import { toScanFields, toTicketItem } from './ticket-item.ts';
import { transact } from './transact.ts';

/** Each passed scan and each annul changes `s1`, so these are all that may have happened to a ticket. */
const RELIED_ON = [
  'evt',
  'tid',
  'typ',
  'std',
  'pay',
  'adm',
  'chk',
  'ins',
  'gra',
  'hld',
  's1',
] as const;

export function createOfflineScanStore(access: TableAccess): OfflineScanStore {
  const { client, tableName: TableName } = access;
  return {
    async find(organizationId, barcode) {
      const key = barcodeKey(organizationId, barcode);
      return (await loadBarcodes(access, [key]))[0];
    },

    async record(before, after, clash) {
      const update = toUpdate(TableName, before, after);
      if (clash !== undefined) {
        const result = await transact<'ticket' | 'clash'>(client, [
          { as: 'clash', ...toClashPut(TableName, clash) },
          { as: 'ticket', Update: update },
        ]);
        if (result.committed) return 'recorded';
        return result.failed === 'clash' ? 'reported' : 'contested';
      }
      try {
        await client.send(new UpdateCommand(update));
        return 'recorded';
      } catch (error) {
        const isContested =
          error instanceof ConditionalCheckFailedException ||
          error instanceof TransactionConflictException;
        if (!isContested) throw error;
        return 'contested';
      }
    },
  };
}

function toUpdate(TableName: string, before: Ticket, after: Ticket) {
  const item: Readonly<Record<string, unknown>> = { ...toTicketItem(before) };
  const { hld: _hold, ...fields } = toScanFields({ ...after, ...fitExit(after) });
  const set = Object.entries(fields).filter(([, value]) => value !== undefined);
  const removed = Object.entries(fields).filter(([, value]) => value === undefined);
  return {
    TableName,
    Key: barcodeKey(before.organizationId, before.barcode),
    ConditionExpression: RELIED_ON.map((name) =>
      item[name] === undefined ? `attribute_not_exists(${name})` : `${name} = :${name}Before`,
    ).join(' AND '),
    UpdateExpression:
      `SET ${set.map(([name]) => `${name} = :${name}`).join(', ')}` +
      (removed.length === 0 ? '' : ` REMOVE ${removed.map(([name]) => name).join(', ')}`),
    ExpressionAttributeValues: Object.fromEntries([
      ...set.map(([name, value]) => [`:${name}`, value]),
      ...RELIED_ON.filter((name) => item[name] !== undefined).map((name) => [
        `:${name}Before`,
        item[name],
      ]),
    ]),
  };
}

function fitExit({ barcode, lastExit }: Ticket): Pick<Ticket, 'lastExit'> {
  if (lastExit === undefined) return {};
  const { gateId, ...exit } = lastExit;
  const fitting = toExitGate(barcode, gateId);
  return { lastExit: { ...exit, ...(fitting === undefined ? {} : { gateId: fitting }) } };
}
