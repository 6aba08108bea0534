// Where a scanner is in an event's scan pack: still in its first load, or at a position of the feed of changes.
export type PackCursor =
  | {
      readonly at: 'tickets';
      readonly shard: number;
      /** The last ticket's id, padded. */
      readonly after: string;
      /** Changes from here on have to be read after the tickets. */
      readonly startedAtMs: number;
    }
  | { readonly at: 'changes'; readonly after: string };

const TICKETS = /^t(\d{1,2})\.(\d{16})\.(\d{13})$/;
const CHANGES = /^c(\d{13}#[\w-]{0,40})$/;

export const toCursorText = (cursor: PackCursor): string =>
  Buffer.from(
    cursor.at === 'tickets'
      ? `t${cursor.shard}.${cursor.after}.${cursor.startedAtMs}`
      : `c${cursor.after}`,
  ).toString('base64url');

/** Undefined for what isn't a cursor of ours. */
export function parseCursor(text: string): PackCursor | undefined {
  const plain = Buffer.from(text, 'base64url').toString('utf8');
  const [, shard, after, startedAt] = TICKETS.exec(plain) ?? [];
  if (after !== undefined) {
    return { at: 'tickets', shard: Number(shard), after, startedAtMs: Number(startedAt) };
  }
  const position = CHANGES.exec(plain)?.[1];
  return position === undefined ? undefined : { at: 'changes', after: position };
}

/** When the cursor's changes begin. */
export const toChangesMs = (cursor: PackCursor): number =>
  cursor.at === 'tickets' ? cursor.startedAtMs : Number(cursor.after.slice(0, 13));
