// Making ids. Time comes from the caller's clock, randomness from the system.
import { randomBytes, randomInt } from 'node:crypto';
import { ulid } from 'ulid';
import { OWN_BARCODE_BYTES, toOwnBarcode } from '../domain/barcode.ts';
import { ID_BLOCK_SIZE, ID_PREFIXES, type IdKind, toIdBlock, toNumericId } from '../domain/ids.ts';

/** A new prefixed ULID; sorts by time to the millisecond. Never a secret: it tells when it was made. */
export const toNewId = (kind: IdKind, nowMs: number): string =>
  `${ID_PREFIXES[kind]}_${ulid(nowMs)}`;

/** 256 random bits as base64url: the secret of a key. */
export const toNewSecret = (): string => randomBytes(32).toString('base64url');

/** A barcode of ours: 80 random bits, as many as nobody guesses at a door (product.md section 3). */
export const toNewBarcode = (): string => toOwnBarcode(randomBytes(OWN_BARCODE_BYTES));

/** A numeric id for a single thing, somewhere in this millisecond's block; whoever stores it claims it by condition. */
export const toNewNumericId = (nowMs: number): number =>
  toNumericId(toIdBlock(nowMs), randomInt(ID_BLOCK_SIZE));

/** Milliseconds over which tries of id blocks are spread in the end: a minute. */
const BLOCK_SPREAD_BITS = 16;
/** The block of this moment, and for each further try one of a wider stretch after it: somebody else may own it. */
export const toTriedBlock = (nowMs: number, tries: number): number =>
  toIdBlock(nowMs) + randomInt(2 ** Math.min(2 * tries, BLOCK_SPREAD_BITS));

/** Signs webhooks (Standard Webhooks): 256 random bits. */
export const toNewWebhookSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
