// A page of an event's scan pack: first all tickets, then what changed. A change is only a hint to look again: the entry
// always tells the ticket as it is when it is read, so hints may come twice, late and in any order.
import pMap from 'p-map';
import { type Actor, mayUseEvent } from '../../domain/access.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import {
  derivePackKeys,
  PACK_ROUNDS_TRIED,
  type PackEntry,
  type PackKeys,
  toPackEntry,
  toPackSalt,
  toRounds,
} from './pack-entry.ts';
import type { DoorSettings } from '../../domain/scan.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { FindDoorSettings } from '../scan-ports.ts';
import { type PackCursor, parseCursor, toChangesMs, toCursorText } from './pack-cursor.ts';
import type { EventIds } from './ports.ts';

export interface PackReader {
  /** The next tickets of a shard by id; without `after` no more are left in it. */
  readonly readTickets: (
    ids: EventIds,
    from: { readonly shard: number; readonly after: string },
    limit: number,
  ) => Promise<{ readonly tickets: readonly Ticket[]; readonly after?: string }>;
  readonly shards: number;
  /** Barcodes that changed after a position; `after` is where these end, `isEnd` that there are no more. */
  readonly readChanges: (
    ids: EventIds,
    after: string,
    limit: number,
  ) => Promise<{
    readonly barcodes: readonly string[];
    readonly after: string;
    readonly isEnd: boolean;
  }>;
  readonly findAll: (
    organizationId: string,
    barcodes: readonly string[],
  ) => Promise<ReadonlyMap<string, Ticket>>;
  /** The position before everything that is told at this time or later. */
  readonly toPosition: (atMs: number) => string;
  readonly keptMs: number;
}

export interface PackDeps {
  readonly pack: PackReader;
  readonly findDoorSettings: FindDoorSettings;
  readonly loadSecret: (organizationId: string) => Promise<string>;
  readonly findKeys: PackKeysFinder;
}

export type PackKeysFinder = (
  barcode: string,
  cost: { readonly salt: string; readonly rounds: number },
) => Promise<PackKeys>;

export interface ScanPackPage {
  /** The scanner throws away what it has: this is the first page of a fresh pack. */
  readonly isFresh: boolean;
  readonly entries: readonly PackEntry[];
  readonly cursor: string;
  /** Nothing more for now; the cursor is for the next time. */
  readonly isComplete: boolean;
  readonly salt: string;
  readonly rounds: readonly number[];
  readonly settings: DoorSettings;
}

/** Entries of a page: some 100 KB. */
const PAGE = 500;
/**
 * Changes that may still be on their way when others are read: their writer ends within 30 s, and clocks differ a
 * little. They are read again the next time.
 */
const OVERLAP_MS = 40_000;
/** A cursor is good for this much less than the feed is kept. */
const MARGIN_MS = 3_600_000;
const PARALLEL = 8;
const FIRST_TICKET = '0'.repeat(16);

/** Refuses `not_found` and, for a cursor that isn't one, `validation_failed`. */
export async function readScanPack(
  deps: PackDeps,
  input: {
    readonly actor: Actor;
    readonly eventId: string;
    readonly since: string | undefined;
    readonly nowMs: number;
  },
): Promise<Result<ScanPackPage>> {
  const { actor, eventId, since, nowMs } = input;
  if (!mayUseEvent(actor, eventId)) return refuse('not_found');
  const settings = await deps.findDoorSettings(actor.organizationId, eventId, nowMs);
  if (settings === undefined) return refuse('not_found');
  const ids = { organizationId: actor.organizationId, eventId };
  const given = since === undefined ? undefined : parseCursor(ids, since);
  if (since !== undefined && given === undefined) {
    const errors = [{ pointer: '/query/since', detail: 'must be a cursor of this pack' }];
    return refuse('validation_failed', { errors });
  }
  const isFresh = given === undefined || toChangesMs(given) < nowMs - deps.pack.keptMs + MARGIN_MS;
  const cursor: PackCursor = isFresh
    ? { at: 'tickets', shard: 0, after: FIRST_TICKET, startedAtMs: nowMs }
    : given;
  const salt = toPackSalt(await deps.loadSecret(ids.organizationId), eventId);
  const page =
    cursor.at === 'tickets'
      ? await readTickets(deps, ids, { cursor, salt })
      : await readChanges(deps, ids, { cursor, salt, nowMs });
  return ok({ isFresh, salt, rounds: PACK_ROUNDS_TRIED, settings, ...page });
}

type Page = Pick<ScanPackPage, 'entries' | 'cursor' | 'isComplete'>;

async function readTickets(
  deps: PackDeps,
  ids: EventIds,
  {
    cursor,
    salt,
  }: { readonly cursor: Extract<PackCursor, { at: 'tickets' }>; readonly salt: string },
): Promise<Page> {
  const { pack } = deps;
  const { startedAtMs, shard } = cursor;
  const { tickets, after } = await pack.readTickets(ids, cursor, PAGE);
  const entries = await pMap(tickets, async (ticket) => toEntry(deps, ticket, salt), {
    concurrency: PARALLEL,
  });
  const next = toNext({ shard, after, startedAtMs }, pack);
  return { entries, cursor: toCursorText(ids, next), isComplete: false };
}

function toNext(
  read: {
    readonly shard: number;
    readonly after: string | undefined;
    readonly startedAtMs: number;
  },
  pack: PackReader,
): PackCursor {
  const { shard, after, startedAtMs } = read;
  if (after !== undefined) return { at: 'tickets', shard, after, startedAtMs };
  if (shard + 1 < pack.shards) {
    return { at: 'tickets', shard: shard + 1, after: FIRST_TICKET, startedAtMs };
  }
  return { at: 'changes', after: pack.toPosition(startedAtMs - OVERLAP_MS) };
}

async function readChanges(
  deps: PackDeps,
  ids: EventIds,
  {
    cursor,
    salt,
    nowMs,
  }: {
    readonly cursor: Extract<PackCursor, { at: 'changes' }>;
    readonly salt: string;
    readonly nowMs: number;
  },
): Promise<Page> {
  const { pack } = deps;
  const { barcodes, after, isEnd } = await pack.readChanges(ids, cursor.after, PAGE);
  const changed = [...new Set(barcodes)];
  const tickets = await pack.findAll(ids.organizationId, changed);
  const entries = await pMap(
    changed,
    async (barcode) => {
      const ticket = tickets.get(barcode);
      return ticket?.eventId === ids.eventId
        ? [await toEntry(deps, ticket, salt)]
        : toRemovals(deps, barcode, salt);
    },
    { concurrency: PARALLEL },
  );
  // The next reading starts a little before the first page of this one was read, for what was on its way then.
  const { startedAtMs = nowMs } = cursor;
  const next = isEnd
    ? { after: pack.toPosition(startedAtMs - OVERLAP_MS) }
    : { after, startedAtMs };
  return {
    entries: entries.flat(),
    cursor: toCursorText(ids, { at: 'changes', ...next }),
    isComplete: isEnd,
  };
}

const toEntry = async (deps: PackDeps, ticket: Ticket, salt: string): Promise<PackEntry> =>
  toPackEntry(ticket, await deps.findKeys(ticket.barcode, { salt, rounds: toRounds(ticket) }));

/** Of a ticket that is gone nobody knows any more how its barcode was hashed. */
const toRemovals = async (deps: PackDeps, barcode: string, salt: string): Promise<PackEntry[]> =>
  Promise.all(
    PACK_ROUNDS_TRIED.map(async (rounds) => ({
      hash: (await deps.findKeys(barcode, { salt, rounds })).hash,
      tombstone: 'REMOVED' as const,
    })),
  );

/** Keys kept in memory, some 200 bytes each: the scanners of an event load the same pack one after the other. */
const KEYS_KEPT_MAX = 50_000;

export function createPackKeysFinder(): PackKeysFinder {
  const kept = new Map<string, Promise<PackKeys>>();
  return async (barcode, cost) => {
    const name = `${cost.rounds} ${cost.salt} ${barcode}`;
    const found = kept.get(name);
    if (found !== undefined) return found;
    const derived = derivePackKeys(barcode, cost);
    kept.set(name, derived);
    if (kept.size > KEYS_KEPT_MAX) {
      const [oldest] = kept.keys();
      if (oldest !== undefined) kept.delete(oldest);
    }
    return derived;
  };
}
