// Where a scanner is in an event's scan pack: still in its first load, or at a position of the feed of changes.
import { createHash } from 'node:crypto';
import type { EventIds } from './ports.ts';

export type PackCursor =
  | {
      readonly at: 'tickets';
      readonly shard: number;
      /** The position of the last ticket or replaced barcode. */
      readonly after: string;
      /** Changes from here on have to be read after the tickets. */
      readonly startedAtMs: number;
    }
  | {
      readonly at: 'changes';
      readonly after: string;
      /** When the first of the pages was read to which this one belongs; absent: this is the first. */
      readonly startedAtMs?: number;
    };

const TICKETS = /^t(\d{1,2})\.(\d{16}(?:\.\d{1,6})?)\.(\d{13})$/;
const CHANGES = /^c(\d{13}#[\w-]{0,40})(?:\.(\d{13}))?$/;

/** A cursor of another event would skip what this one has; 48 bits are enough against a mistake. */
const toPackName = ({ organizationId, eventId }: EventIds): string =>
  createHash('sha256').update(`${organizationId}\n${eventId}`).digest('base64url').slice(0, 8);

export const toCursorText = (ids: EventIds, cursor: PackCursor): string =>
  Buffer.from(
    toPackName(ids) +
      (cursor.at === 'tickets'
        ? `t${cursor.shard}.${cursor.after}.${cursor.startedAtMs}`
        : `c${cursor.after}${cursor.startedAtMs === undefined ? '' : `.${cursor.startedAtMs}`}`),
  ).toString('base64url');

/** Undefined for what isn't a cursor of this event's pack. */
export function parseCursor(ids: EventIds, text: string): PackCursor | undefined {
  const named = Buffer.from(text, 'base64url').toString('utf8');
  const name = toPackName(ids);
  if (!named.startsWith(name)) return undefined;
  const plain = named.slice(name.length);
  const [, shard, after, startedAt] = TICKETS.exec(plain) ?? [];
  if (after !== undefined) {
    return { at: 'tickets', shard: Number(shard), after, startedAtMs: Number(startedAt) };
  }
  const [, position, begunAt] = CHANGES.exec(plain) ?? [];
  if (position === undefined) return undefined;
  const begun = begunAt === undefined ? {} : { startedAtMs: Number(begunAt) };
  return { at: 'changes', after: position, ...begun };
}

/** When the cursor's changes begin. */
export const toChangesMs = (cursor: PackCursor): number =>
  cursor.at === 'tickets' ? cursor.startedAtMs : Number(cursor.after.slice(0, 13));
