// Ids: prefix + ULID strings, and numeric ids (positive, below 2^53) that grow with time.
// A numeric id is `milliseconds since NUMERIC_ID_EPOCH_MS × 4096 + position`: whoever claims a millisecond owns the
// block of 4,096 ids in it, so an import claims one block for 4,096 rows and a single thing a block of its own.
import { assert } from './assert.ts';

export const ID_PREFIXES = {
  organization: 'org',
  key: 'key',
  event: 'evt',
  import: 'imp',
  outbox: 'out',
  message: 'msg',
  transaction: 'txn',
  request: 'req',
  channel: 'chn',
  listing: 'lst',
  hold: 'hld',
  sale: 'sal',
} as const;
export type IdKind = keyof typeof ID_PREFIXES;

/** 2026-01-01: 41 bits of milliseconds from here last until the year 2095. */
const NUMERIC_ID_EPOCH_MS = Date.UTC(2026, 0, 1);
/** Ids in one block; product.md section 3 gives the size (2^12, so that 41 + 12 bits stay below 2^53). */
export const ID_BLOCK_SIZE = 4096;

/** The number of the block that belongs to a moment; the first moment of the epoch is block 1, so no id is 0. */
export function toIdBlock(nowMs: number): number {
  const block = nowMs - NUMERIC_ID_EPOCH_MS + 1;
  assert(block > 0 && block < 2 ** 41, 'the clock is outside the range of numeric ids');
  return block;
}

/** The id at a position of a block; refuses (throws) a position outside the block. */
export function toNumericId(block: number, position: number): number {
  assert(position >= 0 && position < ID_BLOCK_SIZE, 'position is outside the block');
  return block * ID_BLOCK_SIZE + position;
}
