// The stores of a run that writes nothing but its progress: the same answers as a real run would get, from reads. What
// it would have made it remembers itself: barcodes and addresses as digests, and with each chunk one bit for each row,
// from which another run that goes on learns it again.
import { randomUUID } from 'node:crypto';
import type { ContactStore } from '../app/contact-ports.ts';
import type { ImportRunStore } from '../app/import-ports.ts';
import { present } from '../domain/assert.ts';
import { normalizeEmail } from '../domain/contact.ts';
import { decideReservation, withImported } from '../domain/imports/capacity.ts';
import { createDigestSet } from '../domain/imports/digest-set.ts';
import type { Import } from '../domain/imports/import.ts';
import { backoff } from './backoff.ts';
import { createContactStore } from './contact-store.ts';
import { createExistence, READ_KEYS_MAX } from './existence.ts';
import { book, IS_NEXT, IS_NEXT_NAMES, toEndMessage, toNextValues } from './import-booking.ts';
import { toImportItem } from './import-item.ts';
import { barcodeKey, contactKey, dryChunkKey, dryRunPrefix, importPartition } from './keys.ts';
import { TTL_ATTRIBUTE } from './schema.ts';
import { loadStocks } from './stock-store.ts';
import { queryAll, type TableAccess } from './table-access.ts';

/** Four reads in flight: enough for 10,000 rows a second at 40 ms each. */
const READS_PARALLEL = 4;
/** A dry run that stands still is looked after within minutes. */
const CHUNKS_KEPT_SECONDS = 24 * 3_600;

export async function openDryRun(
  access: TableAccess,
  real: Pick<ImportRunStore, 'findOwner'>,
  of: Import,
): Promise<{
  readonly run: ImportRunStore;
  readonly contacts: Pick<ContactStore, 'registerBuyer' | 'loadSecret' | 'findAll'>;
}> {
  const barcodes = createDigestSet(of.rowsTotal);
  const hasAddresses = of.mapping?.columns.some(({ field }) => field === 'email') === true;
  const addresses = createDigestSet(hasAddresses ? of.rowsTotal : 0);
  const exists = createExistence(access);
  const wasTicket = await loadChunks(access, of);
  const made = new Map<number, number>();
  const addMade = (typeId: number, count: number): void =>
    void made.set(typeId, (made.get(typeId) ?? 0) + count);
  let newRows: number[] = [];

  const run: ImportRunStore = {
    parallel: READ_KEYS_MAX * READS_PARALLEL,
    recall(row, { barcode, ticketTypeId, email }) {
      barcodes.add(barcode);
      if (!wasTicket(row)) return;
      addMade(ticketTypeId, 1);
      if (email !== undefined) addresses.add(normalizeEmail(email));
    },
    // Any block will do for tickets that aren't written.
    loadBlocks: async () => new Map(),
    claimBlock: async (_ids, { index }) => index + 1,
    async putTicket({ organizationId, barcode, importRow }) {
      if (!barcodes.add(barcode)) return 'duplicate';
      if (await exists(barcodeKey(organizationId, barcode))) return 'duplicate';
      newRows.push(present(importRow, 'a ticket of an import has a row'));
      return 'created';
    },
    link: async () => {},
    setOrder: async () => {},
    putRow: async () => {},
    forgetHolder: async () => {},
    findOwner: async (organizationId, barcode) =>
      barcodes.has(barcode) ? {} : real.findOwner(organizationId, barcode),
    reserve: async (running, wanted) => judge(access, running, { wanted, made }),

    async commitChunk(before, after, { created, nowMs }) {
      const rows = newRows;
      newRows = [];
      for (const [typeId, count] of created) addMade(typeId, count);
      return bookChunk(access, before, { after, rows, nowMs });
    },
  };
  const { loadSecret, findAll } = createContactStore(access);
  const contacts = {
    loadSecret,
    findAll,
    registerBuyer: async (buyer: Parameters<ContactStore['registerBuyer']>[0]) => {
      const { organizationId, contactId, email, source, row, orderId } = buyer;
      // An order before every order of this chunk.
      if (!addresses.add(normalizeEmail(email))) return { orderId: 0, madeBy: { source, row } };
      const isKnown = await exists(contactKey(organizationId, contactId));
      return { orderId, madeBy: isKnown ? { source: '', row: 0 } : { source, row } };
    },
  };
  return { run, contacts };
}

/** By the stock as it is, with the tickets that the run would have made; nothing is set aside. */
async function judge(
  access: TableAccess,
  running: Import,
  {
    wanted,
    made,
  }: { readonly wanted: readonly number[]; readonly made: ReadonlyMap<number, number> },
): ReturnType<ImportRunStore['reserve']> {
  for (const wait of backoff()) {
    const stocks = withImported(await loadStocks(access, running), made);
    const decision = decideReservation(stocks, wanted);
    if (decision.as === 'reserve') return { ...decision, as: 'reserved' };
    if (decision.as !== 'busy') return decision;
    if (!(await wait())) break;
  }
  return { as: 'busy' };
}

async function bookChunk(
  access: TableAccess,
  before: Import,
  {
    after,
    rows,
    nowMs,
  }: { readonly after: Import; readonly rows: readonly number[]; readonly nowMs: number },
): Promise<boolean> {
  const { tableName: TableName } = access;
  const { rowsProcessed, startedAtMs = 0 } = before;
  const booking = randomUUID();
  const bits = Buffer.alloc(Math.ceil((after.rowsProcessed - rowsProcessed) / 8));
  for (const row of rows) {
    const at = row - rowsProcessed - 1;
    bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
  }
  const chunk = {
    ...dryChunkKey(before, startedAtMs, rowsProcessed),
    kind: 'dryChunk',
    after: rowsProcessed,
    bits,
    [TTL_ATTRIBUTE]: Math.floor(nowMs / 1_000) + CHUNKS_KEPT_SECONDS,
  };
  const result = await book(access, booking, [
    {
      as: 'import',
      Put: {
        TableName,
        Item: { ...toImportItem(after, nowMs), booking },
        ConditionExpression: IS_NEXT,
        ExpressionAttributeNames: IS_NEXT_NAMES,
        ExpressionAttributeValues: toNextValues(before),
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      },
    },
    ...(rows.length === 0 ? [] : [{ as: 'dryChunk' as const, Put: { TableName, Item: chunk } }]),
    ...toEndMessage(TableName, after, nowMs),
  ]);
  return result === 'booked';
}

/** Which rows of the chunks booked so far would have become tickets: 2 MB for the longest file. */
async function loadChunks(
  { client, tableName: TableName }: TableAccess,
  { organizationId, importId, startedAtMs = 0, rowsProcessed }: Import,
): Promise<(row: number) => boolean> {
  const tickets = new Uint8Array(rowsProcessed + 1);
  if (rowsProcessed === 0) return () => false;
  const chunks = await queryAll(client, {
    TableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk AND begins_with(sk, :run)',
    ExpressionAttributeValues: {
      ':pk': importPartition(organizationId, importId),
      ':run': dryRunPrefix(startedAtMs),
    },
  });
  for (const chunk of chunks) {
    const bits = chunk['bits'] as Uint8Array;
    for (let at = 0; at < bits.length * 8; at += 1) {
      const isTicket = ((bits[at >> 3] ?? 0) >> (at & 7)) & 1;
      if (isTicket === 1) tickets[Number(chunk['after']) + at + 1] = 1;
    }
  }
  return (row) => tickets[row] === 1;
}
