// A set of texts in few bytes each: digests in a table with open addressing. 24 bytes a text, so 24 MB for the barcodes
// of a million rows and 48 MB for those of the longest file. Two texts with equal digests (127 bits of SHA-256) don't
// happen, not even on purpose, so the answer is exact.
import { createHash } from 'node:crypto';

const WORDS = 4;
/** Slots per text: a third of them stays empty, so that a search ends after two steps on average. */
const SLOTS_PER_TEXT = 1.5;
const TEXTS_MIN = 1_024;

export interface DigestSet {
  readonly has: (text: string) => boolean;
  /** False when it was there before. */
  readonly add: (text: string) => boolean;
}

/** Made for this number of texts; with more it grows. */
export function createDigestSet(expected: number): DigestSet {
  let limit = Math.max(expected, TEXTS_MIN);
  let table = createTable(limit);
  let count = 0;
  return {
    has: (text) => findSlot(table, toDigest(text)).isTaken,
    add(text) {
      if (count === limit) {
        limit *= 2;
        table = copyInto(createTable(limit), table);
      }
      const digest = toDigest(text);
      const { at, isTaken } = findSlot(table, digest);
      if (isTaken) return false;
      table.set(digest, at);
      count += 1;
      return true;
    },
  };
}

const createTable = (texts: number): Uint32Array =>
  new Uint32Array(Math.ceil(texts * SLOTS_PER_TEXT) * WORDS);

/** Never all zeros: that is an empty slot. */
function toDigest(text: string): Uint32Array {
  const bytes = createHash('sha256').update(text).digest();
  return Uint32Array.of(
    bytes.readUInt32LE(0) | 1,
    bytes.readUInt32LE(4),
    bytes.readUInt32LE(8),
    bytes.readUInt32LE(12),
  );
}

function findSlot(table: Uint32Array, digest: Uint32Array) {
  const slots = table.length / WORDS;
  for (let slot = (digest[1] ?? 0) % slots; ; slot = (slot + 1) % slots) {
    const at = slot * WORDS;
    if (table[at] === 0) return { at, isTaken: false };
    if (digest.every((word, index) => table[at + index] === word)) return { at, isTaken: true };
  }
}

function copyInto(larger: Uint32Array, table: Uint32Array): Uint32Array {
  for (let at = 0; at < table.length; at += WORDS) {
    if (table[at] === 0) continue;
    const digest = table.subarray(at, at + WORDS);
    larger.set(digest, findSlot(larger, digest).at);
  }
  return larger;
}
