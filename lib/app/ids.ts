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
