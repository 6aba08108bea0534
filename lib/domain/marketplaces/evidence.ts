// The evidence of a sale: what it is and how it came to that, in one object that is signed as a whole. What is signed is
// the object without its signature in one form of writing (RFC 8785), so that it may be stored and printed in any other.
import { createHash } from 'node:crypto';
import { type Hold, toHoldStatus } from './hold.ts';
import type { TimelineEntry } from './timeline.ts';

/** All that evidence is made of; its numbers are integers, whose form is the same everywhere. */
export type Json = string | number | boolean | readonly Json[] | { readonly [key: string]: Json };

/** Keys in the order of their UTF-16 units, nothing between the tokens. */
export function toCanonicalText(value: Json): string {
  if (typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(toCanonicalText).join(',')}]`;
  const fields = Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${toCanonicalText(value[key] ?? '')}`);
  return `{${fields.join(',')}}`;
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Of what went over the wire; by it a payload that somebody has kept can be told to be the one. */
export const toWireDigest = (text: string): string =>
  createHash('sha256').update(text).digest('hex');

/** A key's id names the organization, so that its public key can be found. */
export const toEvidenceKeyId = (organizationId: string, fingerprint: string): string =>
  `${organizationId}.${fingerprint}`;
export const parseEvidenceKeyId = (keyId: string): string | undefined =>
  /^([A-Za-z0-9_]{1,64})\.[\w-]{22}$/.exec(keyId)?.[1];

/** What a hold says by itself: nothing more has to be written while its marketplace waits for an answer. */
export function toHoldEntries(hold: Hold, nowMs: number): readonly TimelineEntry[] {
  const { holdId, createdAtMs, extendedAtMs, resolvedAtMs, expiresAtMs } = hold;
  const detail = `until ${new Date(expiresAtMs).toISOString()}`;
  const placed = { entryId: `${holdId}-placed`, kind: 'RECEIVED', what: 'hold.placed' } as const;
  const held = {
    entryId: `${holdId}-held`,
    kind: 'DECIDED',
    what: extendedAtMs === undefined ? 'HELD' : 'EXTENDED',
  } as const;
  const over = { entryId: `${holdId}-over`, kind: 'DECIDED' } as const;
  const status = toHoldStatus(hold, nowMs);
  const overMs = status === 'EXPIRED' ? expiresAtMs : (resolvedAtMs ?? expiresAtMs);
  return [
    { ...placed, atMs: createdAtMs },
    { ...held, atMs: extendedAtMs ?? createdAtMs, detail },
    // That it was invoiced the sale says.
    ...(status === 'HELD' || status === 'INVOICED'
      ? []
      : [{ ...over, what: status, atMs: overMs }]),
  ];
}
