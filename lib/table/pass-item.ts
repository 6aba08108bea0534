// Scans of a ticket that its own item doesn't remember: the marker of every offline scan, and what later scans have
// overwritten. An item is named by device, scan id and barcode, so that a scan is recorded once.
import * as z from 'zod/mini';
import { parse } from 'zod/v4/core';
import type { Pass } from '../domain/pass-sequence.ts';
import { SCAN_REASONS } from '../domain/scan.ts';
import { passKey } from './door-keys.ts';
import { TTL_ATTRIBUTE } from './schema.ts';

/** As long as the log's lines: no scanner syncs what is older. */
const PASS_DAYS = 90;

const $PassItem = z.object({
  kind: z.literal('pass'),
  passId: z.string(),
  direction: z.enum(['entry', 'exit']),
  scan: z.object({
    atMs: z.number(),
    deviceId: z.string(),
    gateId: z.exactOptional(z.string()),
    scannedAtMs: z.exactOptional(z.number()),
  }),
  clash: z.exactOptional(z.enum(SCAN_REASONS)),
  isExtra: z.exactOptional(z.boolean()),
  isAnnulled: z.exactOptional(z.boolean()),
});

export interface TicketIds {
  readonly organizationId: string;
  readonly eventTicketId: number;
}

export const toPassItem = (
  { organizationId, eventTicketId }: TicketIds,
  pass: Pass,
  nowMs: number,
) => ({
  ...passKey(organizationId, eventTicketId, pass.passId),
  kind: 'pass',
  ...pass,
  [TTL_ATTRIBUTE]: Math.floor(nowMs / 1_000) + PASS_DAYS * 24 * 3_600,
});

export function fromPassItem(item: unknown): Pass {
  const { kind: _kind, ...pass } = parse($PassItem, item);
  return pass;
}
