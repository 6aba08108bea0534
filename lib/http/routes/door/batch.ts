// POST /v1/validate/batch: what a scanner did while it was offline.
import * as z from 'zod/mini';
import type { OfflineScanInput } from '../../../app/door/offline-scan.ts';
import { type SyncDeps, syncScans } from '../../../app/door/sync-scans.ts';
import { SCAN_REASONS } from '../../../domain/scan.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId, $DateTime } from '../../schemas.ts';
import { $OtherScan, $ScanId, $ScannedText, $TicketDetails } from '../scans/bodies.ts';

/** Product.md section 5: an hour of a busy gate; more come in the next batch. */
const BATCH_SCANS_MAX = 500;

const contract = {
  operationId: 'validateBatch',
  method: 'POST',
  path: '/v1/validate/batch',
  family: 'door',
  scope: 'device',
  summary:
    'Sync what a scanner did offline: every scan is recorded once, with a verdict for each in the same order. After a failure the whole batch may be sent again.',
  body: z.strictObject({
    deviceNow: $DateTime,
    scans: z
      .array(
        z.strictObject({
          scanId: $ScanId,
          eventId: $ClientId,
          barcode: $ScannedText,
          direction: z._default(z.enum(['entry', 'exit']), 'entry'),
          mode: z.optional(z.enum(['admit'])),
          gateId: z.optional($ClientId),
          scannedAt: $DateTime,
          offlineOutcome: z.enum(['ADMITTED', 'REFUSED']),
        }),
      )
      .check(z.maxLength(BATCH_SCANS_MAX)),
  }),
  success: 200,
  response: z.strictObject({
    results: z.array(
      z.strictObject({
        scanId: z.string(),
        outcome: z.enum(['ADMITTED', 'EXITED', 'REFUSED', 'ADMITTED_OFFLINE_CLASH']),
        at: z.string(),
        reason: z.optional(z.enum(SCAN_REASONS)),
        repeated: z.boolean(),
        attention: z.optional(z.enum(['BALANCE_DUE'])),
        ticket: z.optional($TicketDetails),
        previous: z.optional($OtherScan),
        clash: z.optional($OtherScan),
      }),
    ),
  }),
  refusals: ['not_found'],
  idempotency: 'own',
} as const satisfies Contract;

export const validateBatch = defineRoute(contract, (deps: SyncDeps, { actor, body, nowMs }) => {
  const scans = body.scans.map(
    ({ scannedAt, mode: _admit, gateId, ...scan }): OfflineScanInput => ({
      ...scan,
      gateId,
      scannedAtMs: Date.parse(scannedAt),
    }),
  );
  return syncScans(deps, { actor, deviceNowMs: Date.parse(body.deviceNow), scans, nowMs });
});
