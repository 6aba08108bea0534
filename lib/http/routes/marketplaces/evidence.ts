// GET /v1/sales/{saleId}/evidence, and the key by which anybody can tell that it is genuine.
import * as z from 'zod';
import {
  type EvidenceDeps,
  findEvidenceKey,
  type SaleFacts,
  signEvidence,
} from '../../../app/marketplaces/evidence.ts';
import { TIMELINE_KINDS, type TimelineEntry } from '../../../domain/marketplaces/timeline.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId } from '../../schemas.ts';
import { $Sale, toSaleBody } from './bodies.ts';

const $Evidence = $Sale
  .extend({
    type: z.literal('sale.evidence'),
    issuedAt: z.string(),
    timeline: z
      .array(
        z.object({
          at: z.string(),
          kind: z.enum(TIMELINE_KINDS),
          what: z.string(),
          detail: z.string().exactOptional(),
          payloadDigest: z
            .string()
            .exactOptional()
            .meta({ description: 'SHA-256, in hex, of what went over the wire.' }),
          entryId: z.string(),
        }),
      )
      .meta({ description: 'What was received, decided, sent and answered; oldest first.' }),
    keyId: z.string(),
    signature: z.string().meta({
      description:
        'Ed25519 in base64url over the other fields in canonical form (RFC 8785), by the key of keyId.',
    }),
  })
  .meta({ id: 'Evidence' });

const readContract = {
  family: 'marketplaces',
  scope: 'organizer',
  operationId: 'getSaleEvidence',
  method: 'GET',
  path: '/v1/sales/{saleId}/evidence',
  summary: 'Read all that went between a marketplace and us about a sale, signed.',
  params: z.strictObject({ saleId: $ClientId }),
  success: 200,
  response: $Evidence,
  refusals: ['not_found'],
} as const satisfies Contract;

const read = defineRoute(
  readContract,
  async (deps: EvidenceDeps, { actor: { organizationId }, params, nowMs }) =>
    signEvidence(deps, { organizationId, ...params, nowMs }, (facts) => toBody(facts, nowMs)),
);

const toBody = ({ sale, timeline }: SaleFacts, nowMs: number) => ({
  type: 'sale.evidence' as const,
  issuedAt: new Date(nowMs).toISOString(),
  ...toSaleBody(sale),
  timeline: timeline.map(toEntryBody),
});

const toEntryBody = ({ atMs, kind, what, detail, payloadDigest, entryId }: TimelineEntry) => ({
  at: new Date(atMs).toISOString(),
  kind,
  what,
  ...(detail === undefined ? {} : { detail }),
  ...(payloadDigest === undefined ? {} : { payloadDigest }),
  entryId,
});

const keyContract = {
  family: 'marketplaces',
  scope: 'public',
  operationId: 'getEvidenceKey',
  method: 'GET',
  path: '/v1/evidence-keys/{keyId}',
  summary: 'Read the public key of an evidence. Needs no key of ours.',
  params: z.strictObject({ keyId: z.string().min(1).max(100) }),
  success: 200,
  response: z.object({
    keyId: z.string(),
    algorithm: z.literal('Ed25519'),
    publicKey: z
      .string()
      .meta({ description: 'SubjectPublicKeyInfo in base64: the body of a PEM file.' }),
  }),
  refusals: ['not_found'],
} as const satisfies Contract;

const readKey = defineRoute(keyContract, async (deps: EvidenceDeps, { params }) => {
  const key = await findEvidenceKey(deps, params.keyId);
  if (!key.ok) return key;
  const { keyId, publicKey } = key.value;
  return ok({ keyId, algorithm: 'Ed25519' as const, publicKey });
});

export const evidenceRoutes = [read, readKey];
