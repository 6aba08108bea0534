// POST /v1/validate. Its schema is zod/mini and its container has no document client, to keep the function small.
import * as z from 'zod/mini';
import { type ValidateScanDeps, validateScan } from '../../../app/validate-scan.ts';
import { SCAN_REASONS } from '../../../domain/scan.ts';
import { ORIGINS } from '../../../domain/ticket.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId, $DateTime } from '../../schemas.ts';

/** Room for a UUID (product.md section 5). */
const SCAN_ID_CHARACTERS_MAX = 36;
/** More than any reader sends; what is longer than a barcode is answered MALFORMED and not refused. */
const SCANNED_CHARACTERS_MAX = 4096;

const contract = {
  operationId: 'validate',
  method: 'POST',
  path: '/v1/validate',
  family: 'scans',
  scope: 'device',
  summary: 'Scan a barcode: admit it, let it out, or check it without effect.',
  body: z.strictObject({
    scanId: z
      .string()
      .check(
        z.regex(/^[\x21-\x7e]+$/, 'must be visible ASCII characters'),
        z.maxLength(SCAN_ID_CHARACTERS_MAX),
      ),
    eventId: $ClientId,
    barcode: z.string().check(z.maxLength(SCANNED_CHARACTERS_MAX)),
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
    ticket: z.optional(
      z.strictObject({
        eventTicketId: z.int(),
        ticketTypeId: z.int(),
        ticketTypeName: z.string(),
        holderName: z.string(),
        origin: z.enum(ORIGINS),
      }),
    ),
    previous: z.optional(
      z.strictObject({ at: z.string(), deviceId: z.string(), gateId: z.optional(z.string()) }),
    ),
  }),
  refusals: ['not_found'],
  idempotency: 'own',
} as const satisfies Contract;

export const validate = defineRoute(contract, (deps: ValidateScanDeps, { actor, body, nowMs }) => {
  const { gateId, scannedAt, ...question } = body;
  const scannedAtMs = scannedAt === undefined ? undefined : Date.parse(scannedAt);
  return validateScan(deps, { actor, input: { ...question, gateId, scannedAtMs }, nowMs });
});
