// Records offline scans on tickets: one transaction that restates every fact which the decision relied on and holds the
// scan's own marker, so that it is recorded once, the clash for the ledger, and a clash that it explains.
import type { OfflineScanStore, RecordedScan } from '../app/door/ports.ts';
import type { KnownTicket } from '../domain/pass-sequence.ts';
import { toForgotten, toForgottenBefore } from '../domain/pass-sequence.ts';
import type { Ticket } from '../domain/ticket.ts';
import { toClashAbsent, toClashPut, toClashWithdrawal } from './clash-store.ts';
import { passesPartition, passKey } from './door-keys.ts';
import { fromHistoryItem, toHistoryQuery } from './history-item.ts';
import { barcodeKey } from './keys.ts';
import { loadBarcodes } from './load-tickets.ts';
import { fromPassItem, toPassItem } from './pass-item.ts';
import { isBeforeKept, toExitGate } from './scan-writes.ts';
import { ABSENT, queryAll, type TableAccess } from './table-access.ts';
import { toScanFields, toTicketItem } from './ticket-item.ts';
import { type LabelledItem, transact } from './transact.ts';

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

type Label = 'clash' | 'pass' | 'ticket' | 'forgotten' | 'explained';

export function createOfflineScanStore(access: TableAccess): OfflineScanStore {
  const { client, tableName: TableName } = access;
  return {
    async find(organizationId, barcode) {
      const [ticket] = await loadBarcodes(access, [barcodeKey(organizationId, barcode)]);
      return ticket && loadKnown(access, ticket);
    },

    async record(scan) {
      const result = await transact<Label>(client, toItems(TableName, scan));
      if (result.committed) return 'recorded';
      return result.failed === 'clash' ? 'reported' : 'contested';
    },
  };
}

/** The ticket is read first: whatever happens to its passes afterwards also changes the ticket. */
async function loadKnown(access: TableAccess, ticket: Ticket): Promise<KnownTicket> {
  const { client, tableName: TableName } = access;
  const { organizationId, eventTicketId } = ticket;
  const [passes, history] = await Promise.all([
    queryAll(client, {
      TableName,
      ConsistentRead: true,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': passesPartition(organizationId, eventTicketId) },
    }),
    // A sold ticket doesn't tell that it was exchanged, too.
    ticket.isExchanged || ticket.isSold
      ? queryAll(client, { TableName, ...toHistoryQuery(organizationId, eventTicketId) })
      : [],
  ]);
  const grants = history
    .map((item) => fromHistoryItem(item))
    .filter(({ details }) => details?.['reentryGranted'] === true);
  return {
    ticket,
    passes: passes.map((item) => fromPassItem(item)),
    grantsMs: grants.map(({ atMs }) => atMs),
  };
}

function toItems(TableName: string, scan: RecordedScan): readonly LabelledItem<Label>[] {
  const { before, after, pass, clash, explains, nowMs } = scan;
  const ids = { organizationId: before.organizationId, eventId: before.eventId };
  return [
    // A scan that was told as UNKNOWN stays so, although its barcode was imported later.
    {
      as: 'clash',
      ...(clash ? toClashPut(TableName, clash) : toClashAbsent(TableName, ids, pass.passId)),
    },
    { as: 'pass', Put: { TableName, Item: toPassItem(before, pass, nowMs), ...ABSENT } },
    { as: 'ticket', Update: toUpdate(TableName, before, after) },
    ...[...toForgotten(before, pass.direction), ...toForgottenBefore(before)].map((forgotten) => ({
      as: 'forgotten' as const,
      Put: { TableName, Item: toPassItem(before, forgotten, nowMs) },
    })),
    ...(explains === undefined
      ? []
      : [
          {
            as: 'explained' as const,
            ...toClashWithdrawal(TableName, { ...ids, clashId: explains }, nowMs),
          },
          { as: 'explained' as const, Update: toExplained(TableName, before, explains) },
        ]),
  ];
}

const toExplained = (
  TableName: string,
  { organizationId, eventTicketId }: Ticket,
  passId: string,
) => ({
  TableName,
  Key: passKey(organizationId, eventTicketId, passId),
  UpdateExpression: 'REMOVE isExtra',
  ConditionExpression: 'isExtra = :true',
  ExpressionAttributeValues: { ':true': true },
});

function toUpdate(TableName: string, before: Ticket, after: Ticket) {
  const item: Readonly<Record<string, unknown>> = { ...toTicketItem(before) };
  const { hld: _hold, ...fields } = toScanFields({ ...after, ...fit(after) });
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

/** As far as there is room for it, as the online door's writes do. */
function fit({ barcode, lastExit, beforeEntry }: Ticket): Pick<Ticket, 'lastExit' | 'beforeEntry'> {
  const { gateId, deviceId = '', atMs } = lastExit ?? { atMs: 0 };
  const gate = toExitGate(barcode, gateId);
  const exit =
    beforeEntry === undefined
      ? { atMs, deviceId, ...(gate === undefined ? {} : { gateId: gate }) }
      : { atMs, deviceId: '' };
  const admission = beforeEntry?.admission;
  return {
    ...(lastExit === undefined ? {} : { lastExit: exit }),
    ...(beforeEntry === undefined || admission === undefined || isBeforeKept(barcode)
      ? {}
      : { beforeEntry: { ...beforeEntry, admission: { atMs: admission.atMs, deviceId: '' } } }),
  };
}
