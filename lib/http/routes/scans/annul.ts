// POST /v1/validate/{scanId}/annul: the turnstile did not turn.
import * as z from 'zod/mini';
import { type AnnulDeps, annulScan } from '../../../app/annul-scan.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId } from '../../schemas.ts';
import { $ScanId, $ScannedText, $TicketDetails } from './bodies.ts';

const contract = {
  operationId: 'annulScan',
  method: 'POST',
  path: '/v1/validate/{scanId}/annul',
  family: 'scans',
  scope: 'device',
  summary: 'Take an admission back: the same device, within 15 minutes, the newest scan only.',
  params: z.strictObject({ scanId: $ScanId }),
  body: z.strictObject({ eventId: $ClientId, barcode: $ScannedText }),
  success: 200,
  response: z.strictObject({ outcome: z.enum(['ANNULLED']), ticket: $TicketDetails }),
  refusals: ['not_found', 'not_last_admission'],
  idempotency: 'own',
} as const satisfies Contract;

export const annul = defineRoute(contract, (deps: AnnulDeps, { actor, params, body, nowMs }) =>
  annulScan(deps, { actor, input: { ...params, ...body }, nowMs }),
);
