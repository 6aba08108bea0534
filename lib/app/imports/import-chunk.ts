// Imports one chunk of rows: tickets by parallel conditional writes, in file order wherever order decides, then one
// transaction that books the chunk. Killed anywhere and repeated, it ends in the same table and the same counts.
import pMap from 'p-map';
import { present } from '../../domain/assert.ts';
import { createPlaces } from '../../domain/imports/capacity.ts';
import type { Import, ImportRow, Reservation } from '../../domain/imports/import.ts';
import type { RowRules } from '../../domain/imports/rows.ts';
import { sum } from '../../domain/money.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { ImportRunStore } from '../import-ports.ts';
import type { Buyers, BuyersDeps } from './buyers.ts';
import { type Draft, type Entry, toEntries } from './chunk-entries.ts';
import { linkTickets, type Origins } from './origins.ts';
import type { Persons } from './persons.ts';

/** Rows of one chunk: what a killed run repeats at most, and what one booking transaction is spread over. */
export const CHUNK_ROWS = 1_000;
export interface ChunkDeps extends BuyersDeps {
  readonly run: ImportRunStore;
  readonly clock: () => number;
}

export interface Chunk {
  readonly current: Import;
  readonly rules: RowRules;
  /** The next rows of the file; as many of them are dealt with as places allow. */
  readonly rows: readonly (readonly string[])[];
  readonly toBlock: (row: number) => number;
  readonly buyers: Buyers;
  readonly persons: Persons;
  readonly origins: Origins;
}

export type ChunkEnd =
  | {
      readonly as: 'done';
      readonly next: Import;
      readonly count: number;
      readonly soldOut: boolean;
    }
  /** Others have reserved what is left. */
  | { readonly as: 'busy' }
  /** Another run works on this import. */
  | { readonly as: 'lost' };

export async function importChunk(deps: ChunkDeps, chunk: Chunk): Promise<ChunkEnd> {
  const { current } = chunk;
  const entries = toEntries(chunk);
  const drafts = entries.filter((entry) => entry.as === 'draft');
  const asks = current.overCapacity === 'disabled' && current.reservation === undefined;
  if (!asks || drafts.length === 0) return importWithin(deps, chunk, entries, current.reservation);
  const answer = await deps.run.reserve(
    current,
    drafts.map(({ draft }) => draft.ticketTypeId),
  );
  switch (answer.as) {
    case 'unlimited':
      return importWithin(deps, chunk, entries, undefined);
    case 'reserved':
      return importWithin(deps, chunk, entries, answer.reservation);
    case 'soldOut':
      return endSoldOut(deps, chunk, entries);
    case 'busy':
    case 'lost':
      return { as: answer.as };
  }
}

async function importWithin(
  deps: ChunkDeps,
  chunk: Chunk,
  entries: readonly Entry[],
  reservation: Reservation | undefined,
): Promise<ChunkEnd> {
  const current = { ...chunk.current, ...(reservation === undefined ? {} : { reservation }) };
  const written = await writeTickets(deps, chunk, entries, reservation);
  return commit(deps, { ...chunk, current }, written, false);
}

/** Entries dealt with, in order, and how many tickets of each type were made. */
interface Written {
  readonly rows: readonly ImportRow[];
  readonly created: ReadonlyMap<number, number>;
  /** Drafts that became tickets, in file order, and the orders that they were written with. */
  readonly made: readonly Draft[];
  readonly planned: ReturnType<Buyers['plan']>;
  readonly count: number;
}

/**
 * With a reservation in waves: as many drafts as there are places, then as many as duplicates among them gave back.
 * A row that finds no place ends the chunk before it.
 */
async function writeTickets(
  deps: ChunkDeps,
  chunk: Chunk,
  entries: readonly Entry[],
  reservation: Reservation | undefined,
): Promise<Written> {
  const places = reservation && createPlaces(reservation);
  const planned = chunk.buyers.plan(entries.filter((entry) => entry.as === 'draft'));
  const created = new Map<number, number>();
  const made: Draft[] = [];
  const rows: ImportRow[] = [];
  let count = 0;
  for (;;) {
    const wave: Draft[] = [];
    const start = count;
    for (; count < entries.length; count += 1) {
      const entry = present(entries[count], 'within the chunk');
      if (entry.as === 'row') {
        rows.push(entry.row);
        continue;
      }
      if (places?.take(entry.draft.ticketTypeId) === false) break;
      wave.push(entry);
    }
    const duplicates = await putWave(deps, chunk, wave, planned);
    for (const entry of wave) {
      const { ticketTypeId } = entry.draft;
      if (duplicates.has(entry)) {
        rows.push({ row: entry.row, outcome: 'duplicate', cells: entry.cells });
        places?.giveBack(ticketTypeId);
      } else {
        created.set(ticketTypeId, (created.get(ticketTypeId) ?? 0) + 1);
        made.push(entry);
      }
    }
    if (count === entries.length || count === start) return { rows, created, made, planned, count };
  }
}

async function putWave(
  deps: ChunkDeps,
  chunk: Chunk,
  wave: readonly Draft[],
  planned: ReturnType<Buyers['plan']>,
): Promise<ReadonlySet<Draft>> {
  const duplicates = new Set<Draft>();
  await pMap(
    wave,
    async (entry) => {
      const isLinked = (await chunk.origins.verify(entry.draft)) !== undefined;
      const ticket = toTicket(chunk, entry, planned(entry));
      const outcome = await deps.run.putTicket(isLinked ? { ...ticket, isLinked } : ticket);
      if (outcome === 'duplicate') duplicates.add(entry);
    },
    { concurrency: deps.run.parallel },
  );
  return duplicates;
}

function toTicket(
  { current }: Chunk,
  { row, draft, eventTicketId }: Draft,
  order: ReturnType<ReturnType<Buyers['plan']>>,
): Ticket {
  const { organizationId, eventId, importId } = current;
  const { email: _email, origin: _origin, ...details } = draft;
  return {
    ...details,
    ...order,
    organizationId,
    eventId,
    eventTicketId,
    origin: 'IMPORTED',
    standing: 'ACTIVE',
    payment: 'SETTLED',
    checkedIn: false,
    inside: false,
    admissions: 0,
    scanMarks: [],
    importId,
    importRow: row,
    createdAtMs: present(current.startedAtMs, 'a running import was started'),
  };
}

/** No place is left: rows that need none are still dealt with, up to the first one that needs a ticket. */
async function endSoldOut(
  deps: ChunkDeps,
  chunk: Chunk,
  entries: readonly Entry[],
): Promise<ChunkEnd> {
  const { importId, organizationId } = chunk.current;
  const drafts = entries.filter((entry) => entry.as === 'draft');
  const owners = await pMap(
    drafts,
    async ({ draft }) => deps.run.findOwner(organizationId, draft.barcode),
    { concurrency: deps.run.parallel },
  );
  const ownerOf = new Map(drafts.map((entry, index) => [entry, owners[index]]));
  const rows: ImportRow[] = [];
  const created = new Map<number, number>();
  const made: Draft[] = [];
  let count = 0;
  let soldOut = false;
  for (const entry of entries) {
    if (entry.as === 'draft') {
      const owner = ownerOf.get(entry);
      soldOut = owner === undefined;
      if (soldOut) break;
      const { ticketTypeId } = entry.draft;
      if (owner?.importId === importId && owner.importRow === entry.row) {
        created.set(ticketTypeId, (created.get(ticketTypeId) ?? 0) + 1);
        made.push(entry);
      } else rows.push({ row: entry.row, outcome: 'duplicate', cells: entry.cells });
    } else rows.push(entry.row);
    count += 1;
  }
  const planned = chunk.buyers.plan(drafts);
  return commit(deps, chunk, { rows, created, made, planned, count }, soldOut);
}

/** An earlier try of this chunk may have written a ticket before its person was erased. */
async function forget(
  { run }: ChunkDeps,
  { organizationId, importId }: Import,
  made: readonly Draft[],
): Promise<void> {
  for (const { isErased, draft, eventTicketId, row } of made) {
    const { barcode } = draft;
    const ticket = { organizationId, barcode, eventTicketId, importId, importRow: row };
    if (isErased) await run.forgetHolder(ticket);
  }
}

async function commit(
  deps: ChunkDeps,
  chunk: Chunk,
  { rows, created, made, planned, count }: Written,
  soldOut: boolean,
): Promise<ChunkEnd> {
  const { current, buyers, persons } = chunk;
  await linkTickets(deps, chunk, made);
  const contacts = await buyers.link(current, made, planned);
  await forget(deps, current, made);
  await pMap(rows, async (row) => deps.run.putRow(current, row, persons.toContactId(row.cells)), {
    concurrency: deps.run.parallel,
  });
  const countOf = (outcome: ImportRow['outcome']): number =>
    rows.filter((row) => row.outcome === outcome).length;
  const { counts } = current;
  const { reservation: _used, ...rest } = current;
  const next: Import = {
    ...rest,
    sequence: current.sequence + 1,
    rowsProcessed: current.rowsProcessed + count,
    counts: {
      ...counts,
      tickets: counts.tickets + made.length,
      duplicates: counts.duplicates + countOf('duplicate'),
      rejected: counts.rejected + countOf('rejected'),
      blank: counts.blank + countOf('blank'),
      contactsCreated: counts.contactsCreated + contacts.contactsCreated,
      contactsTotal: counts.contactsTotal + contacts.contactsTotal,
    },
  };
  const paidMinor = sum(made.map(({ draft }) => draft.priceMinor ?? 0));
  const done = { created, paidMinor, nowMs: deps.clock() };
  const committed = await deps.run.commitChunk(current, next, done);
  return committed ? { as: 'done', next, count, soldOut } : { as: 'lost' };
}
