// Making ids. Time comes from the caller's clock, randomness from the system.
import { randomBytes } from 'node:crypto';
import { ulid } from 'ulid';
import { ID_PREFIXES, type IdKind } from '../domain/ids.ts';

/** A new prefixed ULID; sorts by time to the millisecond. Never a secret: it tells when it was made. */
export const toNewId = (kind: IdKind, nowMs: number): string =>
  `${ID_PREFIXES[kind]}_${ulid(nowMs)}`;

/** 256 random bits as base64url: the secret of a key. */
export const toNewSecret = (): string => randomBytes(32).toString('base64url');
