// The door's writes: one conditional update of one item, no read before, no index touched. The conditions state the
// same facts as `decideScan`; a property test compares the two.
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  TransactionConflictException,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { ScanStore, ScanWrite } from '../app/scan-ports.ts';
import type { Reentry } from '../domain/event.ts';
import { findGateTypes, MARK, NO_MARK } from '../domain/scan.ts';
import type { Ticket } from '../domain/ticket.ts';
import { backoff } from './backoff.ts';
import { barcodeKey } from './keys.ts';
import { fromTicketItem, type TicketItem } from './ticket-item.ts';

/** A transaction (a swap, a block) that holds the item is over in about 25 ms; product.md section 5 gives 300 ms. */
const CONFLICT_BUDGET_MS = 300;
const CONFLICT_RETRIES_MAX = 5;

export function createScanStore({
  client,
  tableName,
}: {
  readonly client: DynamoDBClient;
  readonly tableName: string;
}): ScanStore {
  return {
    async commit(scan) {
      const command = new UpdateItemCommand({
        TableName: tableName,
        Key: toKey(scan.organizationId, scan.barcode),
        ...(scan.question.direction === 'entry' ? toEntry(scan) : toExit(scan)),
        ReturnValues: 'ALL_NEW',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      let retries = 0;
      for (const wait of backoff(CONFLICT_BUDGET_MS)) {
        try {
          const { Attributes } = await client.send(command);
          return { committed: true, ticket: toTicket(Attributes ?? {}) };
        } catch (error) {
          if (error instanceof ConditionalCheckFailedException) {
            return { committed: false, existing: error.Item && toTicket(error.Item) };
          }
          if (!(error instanceof TransactionConflictException)) throw error;
          retries += 1;
          if (retries > CONFLICT_RETRIES_MAX || !(await wait())) throw error;
        }
      }
      throw new Error('unreachable: backoff ends by its own answer');
    },

    async find(organizationId, barcode) {
      const { Item } = await client.send(
        new GetItemCommand({
          TableName: tableName,
          Key: toKey(organizationId, barcode),
          ConsistentRead: true,
        }),
      );
      return Item && toTicket(Item);
    },
  };
}

const text = (value: string): AttributeValue => ({ S: value });
const number = (value: number): AttributeValue => ({ N: String(value) });
const toKey = (organizationId: string, barcode: string): Record<string, AttributeValue> => {
  const { pk, sk } = barcodeKey(organizationId, barcode);
  return { pk: text(pk), sk: text(sk) };
};
const toTicket = (item: Record<string, AttributeValue>): Ticket =>
  fromTicketItem(unmarshall(item) as TicketItem);

/** None of the remembered scans is this one, however it ended. */
const NOT_REPEATED = ['s1', 's2', 's3', 's4']
  .map((mark) => `NOT ${mark} IN (:entered, :exited, :annulled)`)
  .join(' AND ');
const SHIFT_MARKS = ['s4', 's3', 's2']
  .map((mark, index) => `${mark} = if_not_exists(s${3 - index}, :none)`)
  .join(', ');

const REENTRY_CONDITION: Readonly<Record<Reentry, string>> = {
  never: ' AND adm = :zero',
  afterExit: ' AND ins = :zero',
  always: '',
};

function toEntry({ question, settings, deviceId, atMs, scannedAtMs }: ScanWrite) {
  const types = findGateTypes(question, settings)?.map(
    (id, index) => [`:t${index}`, number(id)] as const,
  );
  const reentry = REENTRY_CONDITION[settings.reentry];
  const kept = [
    ['lgt', question.gateId === undefined ? undefined : text(question.gateId)],
    ['sat', scannedAtMs === undefined ? undefined : number(scannedAtMs)],
  ] as const;
  const set = kept
    .filter(([, value]) => value !== undefined)
    .map(([name]) => `, ${name} = :${name}`);
  const removed = kept.filter(([, value]) => value === undefined).map(([name]) => name);
  return {
    ConditionExpression:
      'evt = :evt AND std = :active AND pay <> :nothing' +
      ' AND (attribute_not_exists(hld) OR hld <= :now)' +
      reentry +
      (types === undefined ? '' : ` AND typ IN (${types.map(([name]) => name).join(', ')})`) +
      ` AND ${NOT_REPEATED}`,
    UpdateExpression:
      `SET ${SHIFT_MARKS}, s1 = :entered, adm = adm + :one, chk = :one, ins = :one` +
      `, lat = :now, ldv = :device${set.join('')}` +
      (removed.length === 0 ? '' : ` REMOVE ${removed.join(', ')}`),
    ExpressionAttributeValues: {
      ...toCommonValues(question.eventId, question.scanDigest),
      ...(reentry.includes(':zero') ? { ':zero': number(0) } : {}),
      ':nothing': text('NOTHING'),
      ':now': number(atMs),
      ':one': number(1),
      ':device': text(deviceId),
      ...Object.fromEntries(types ?? []),
      ...Object.fromEntries(kept.flatMap(([name, value]) => (value ? [[`:${name}`, value]] : []))),
    },
  };
}

const toExit = ({ question }: ScanWrite) => ({
  ConditionExpression: `evt = :evt AND std = :active AND ins = :one AND ${NOT_REPEATED}`,
  UpdateExpression: `SET ${SHIFT_MARKS}, s1 = :exited, chk = :zero, ins = :zero`,
  ExpressionAttributeValues: {
    ...toCommonValues(question.eventId, question.scanDigest),
    ':one': number(1),
    ':zero': number(0),
  },
});

const toCommonValues = (eventId: string, scanDigest: string): Record<string, AttributeValue> => ({
  ':evt': text(eventId),
  ':active': text('ACTIVE'),
  ':entered': text(MARK.entry + scanDigest),
  ':exited': text(MARK.exit + scanDigest),
  ':annulled': text(MARK.annulled + scanDigest),
  ':none': text(NO_MARK),
});
