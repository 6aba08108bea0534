// A run that writes nothing but its progress: the same answers as a real run would get, from reads. What it would have
// made it remembers itself, the barcodes as digests and the tickets of each type on the import's item.
import { randomUUID } from 'node:crypto';
import { BatchGetCommand, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { ImportRunStore } from '../app/import-ports.ts';
import { assert } from '../domain/assert.ts';
import { decideReservation, withImported } from '../domain/imports/capacity.ts';
import type { Import } from '../domain/imports/import.ts';
import { createSeenBarcodes } from '../domain/imports/seen-barcodes.ts';
import { backoff } from './backoff.ts';
import { book, IS_NEXT, IS_NEXT_NAMES, toNextValues } from './import-booking.ts';
import { toImportItem } from './import-item.ts';
import { barcodeKey, importKey, toBarcode } from './keys.ts';
import { loadStocks } from './stock-store.ts';
import type { TableAccess } from './table-access.ts';

/** Keys of one read (DynamoDB quota). */
const READ_KEYS_MAX = 100;
/** Four reads in flight: enough for 10,000 rows a second at 40 ms each. */
const READS_PARALLEL = 4;

export function createDryRunStore(
  access: TableAccess,
  real: Pick<ImportRunStore, 'findOwner'>,
  of: Import,
): ImportRunStore {
  const seen = createSeenBarcodes(of.rowsTotal);
  const exists = createLookup(access, of.organizationId);
  let made: Promise<ReadonlyMap<number, number>> | undefined;
  const loadMade = async () => (made ??= loadDryTickets(access, of));

  return {
    parallel: READ_KEYS_MAX * READS_PARALLEL,
    recall: (barcode) => void seen.add(barcode),
    // Any block will do for tickets that aren't written.
    loadBlocks: async () => new Map(),
    claimBlock: async (_ids, { index }) => index + 1,
    putTicket: async ({ barcode }) =>
      !seen.add(barcode) || (await exists(barcode)) ? 'duplicate' : 'created',
    putRow: async () => {},
    findOwner: async (organizationId, barcode) =>
      seen.has(barcode) ? {} : real.findOwner(organizationId, barcode),

    async reserve(running, wanted) {
      for (const wait of backoff()) {
        const stocks = withImported(await loadStocks(access, running), await loadMade());
        const decision = decideReservation(stocks, wanted);
        if (decision.as === 'reserve') {
          return { as: 'reserved', reservation: decision.reservation };
        }
        if (decision.as !== 'busy') return decision;
        if (!(await wait())) break;
      }
      return { as: 'busy' };
    },

    async commitChunk(before, after, { created, nowMs }) {
      const { tableName: TableName } = access;
      const booking = randomUUID();
      const total = new Map(await loadMade());
      for (const [typeId, count] of created) total.set(typeId, (total.get(typeId) ?? 0) + count);
      made = Promise.resolve(total);
      const result = await book(access, booking, [
        {
          as: 'import',
          Put: {
            TableName,
            Item: { ...toImportItem(after, nowMs), booking, dryTickets: Object.fromEntries(total) },
            ConditionExpression: IS_NEXT,
            ExpressionAttributeNames: IS_NEXT_NAMES,
            ExpressionAttributeValues: toNextValues(before),
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          },
        },
      ]);
      return result === 'booked';
    },
  };
}

/** Tickets of each type that the chunks booked so far would have made. */
async function loadDryTickets(
  { client, tableName: TableName }: TableAccess,
  { organizationId, importId }: Import,
): Promise<ReadonlyMap<number, number>> {
  const Key = importKey(organizationId, importId);
  const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  const dryTickets = Object.entries<number>(Item?.['dryTickets'] ?? {});
  return new Map(dryTickets.map(([typeId, count]) => [Number(typeId), count]));
}

interface Question {
  readonly barcode: string;
  readonly answer: (exists: boolean) => void;
  readonly fail: (error: unknown) => void;
}

/** Whether a barcode exists; questions of the same moment are asked in one read. */
function createLookup(access: TableAccess, organizationId: string) {
  let waiting: Question[] = [];
  const ask = (): void => {
    const questions = waiting;
    waiting = [];
    if (questions.length === 0) return;
    const barcodes = questions.map(({ barcode }) => barcode);
    findExisting(access, organizationId, barcodes).then(
      (existing) => {
        for (const { barcode, answer } of questions) answer(existing.has(barcode));
      },
      (error: unknown) => {
        for (const { fail } of questions) fail(error);
      },
    );
  };
  return async (barcode: string): Promise<boolean> =>
    new Promise((answer, fail) => {
      if (waiting.length === 0) setImmediate(ask);
      waiting.push({ barcode, answer, fail });
      if (waiting.length === READ_KEYS_MAX) ask();
    });
}

async function findExisting(
  { client, tableName }: TableAccess,
  organizationId: string,
  barcodes: readonly string[],
): Promise<ReadonlySet<string>> {
  const existing = new Set<string>();
  let keys: Record<string, unknown>[] = barcodes.map((barcode) => ({
    ...barcodeKey(organizationId, barcode),
  }));
  for (const wait of backoff()) {
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({
        RequestItems: {
          [tableName]: { Keys: keys, ConsistentRead: true, ProjectionExpression: 'pk' },
        },
      }),
    );
    for (const { pk } of Responses?.[tableName] ?? []) existing.add(toBarcode(String(pk)));
    keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (keys.length === 0) break;
    assert(await wait(), 'the table answers no reads');
  }
  return existing;
}
