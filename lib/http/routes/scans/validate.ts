// POST /v1/validate. Its schema is zod/mini and its container has no document client, to keep the function small.
import * as z from 'zod/mini';
import { type ValidateScanDeps, validateScan } from '../../../app/validate-scan.ts';
import { SCAN_REASONS } from '../../../domain/scan.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId, $DateTime } from '../../schemas.ts';
import { $OtherScan, $ScanId, $ScannedText, $TicketDetails } from './bodies.ts';

const contract = {
  operationId: 'validate',
  method: 'POST',
  path: '/v1/validate',
  family: 'scans',
  scope: 'device',
  summary: 'Scan a barcode: admit it, let it out, or check it without effect.',
  body: z.strictObject({
    scanId: $ScanId,
    eventId: $ClientId,
    barcode: $ScannedText,
    direction: z._default(z.enum(['entry', 'exit']), 'entry'),
    mode: z._default(z.enum(['admit', 'check']), 'admit'),
    gateId: z.optional($ClientId),
    scannedAt: z.optional($DateTime),
  }),
  success: 200,
  response: z.strictObject({
    outcome: z.enum(['ADMITTED', 'EXITED', 'VALID', 'REFUSED']),
    reason: z.optional(z.enum(SCAN_REASONS)),
    repeated: z.boolean(),
    attention: z.optional(z.enum(['BALANCE_DUE'])),
    ticket: z.optional($TicketDetails),
    previous: z.optional($OtherScan),
  }),
  refusals: ['not_found'],
  idempotency: 'own',
} as const satisfies Contract;

export const validate = defineRoute(
  contract,
  (deps: ValidateScanDeps, { actor, body, nowMs, requestId }) => {
    const { gateId, scannedAt, ...question } = body;
    const scannedAtMs = scannedAt === undefined ? undefined : Date.parse(scannedAt);
    return validateScan(deps, {
      actor,
      input: { ...question, gateId, scannedAtMs },
      nowMs,
      requestId,
    });
  },
);
