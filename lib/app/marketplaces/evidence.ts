// The evidence of a sale, with which a marketplace is asked to waive it: all that went between it and us, in its order and
// signed, and the key by which anybody can tell that it is genuine.
import { isAhead } from '../../domain/marketplaces/hold.ts';
import {
  type Json,
  parseEvidenceKeyId,
  toCanonicalText,
  toHoldEntries,
} from '../../domain/marketplaces/evidence.ts';
import { isCanceledAhead, type MarketplaceSale } from '../../domain/marketplaces/sale.ts';
import { type TimelineEntry, toTimeline } from '../../domain/marketplaces/timeline.ts';
import { present } from '../../domain/assert.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { EvidenceKey, EvidenceKeys } from '../evidence-ports.ts';
import type { HoldStore, SaleStore } from '../marketplace-ports.ts';
import type { TimelineStore } from '../timeline-ports.ts';

export interface EvidenceDeps {
  readonly sales: Pick<SaleStore, 'find' | 'findById'>;
  readonly holds: Pick<HoldStore, 'find'>;
  readonly timeline: Pick<TimelineStore, 'list'>;
  readonly evidenceKeys: EvidenceKeys;
}

export interface EvidenceRequest {
  readonly organizationId: string;
  readonly saleId: string;
  readonly nowMs: number;
}

export interface SaleFacts {
  readonly sale: MarketplaceSale;
  readonly timeline: readonly TimelineEntry[];
}

/** Each further try follows another change of this very sale. */
const TRIES_MAX = 10;

/** The sale and what led to it, as they were at one moment. Refuses `not_found`, `unavailable`. */
async function loadFacts(
  deps: EvidenceDeps,
  { organizationId, saleId, nowMs }: EvidenceRequest,
): Promise<Result<SaleFacts>> {
  let sale = await deps.sales.findById(organizationId, saleId);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (sale === undefined) return refuse('not_found');
    const entries = [...(await deps.timeline.list(sale)), ...(await findHeld(deps, sale, nowMs))];
    const now = await deps.sales.find(sale);
    if (now === undefined || isCanceledAhead(now)) return refuse('not_found');
    if (now.version === sale.version) return ok({ sale, timeline: toTimeline(entries) });
    sale = now;
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}

/** Of the hold that it comes from; one that the sale doesn't name has its id. */
async function findHeld(
  { holds }: EvidenceDeps,
  sale: MarketplaceSale,
  nowMs: number,
): Promise<readonly TimelineEntry[]> {
  const { holdRequestId = sale.marketplaceOrderId } = sale;
  const hold = await holds.find({ ...sale, holdRequestId });
  if (hold === undefined || isAhead(hold)) return [];
  const entries = toHoldEntries(hold, nowMs);
  return hold.binding && sale.holdRequestId !== undefined
    ? [...entries, toInvoiced(sale)]
    : entries;
}

/** The call that made the sale of a binding hold, whether in time or too late. */
const toInvoiced = ({ saleId, createdAtMs, payloadDigest }: MarketplaceSale): TimelineEntry => ({
  entryId: `${saleId}-invoiced`,
  kind: 'RECEIVED',
  what: 'hold.invoiced',
  atMs: createdAtMs,
  ...(payloadDigest === undefined ? {} : { payloadDigest }),
});

/** `toBody` writes all of it but the key's id and the signature. Refuses `not_found`, `unavailable`. */
export async function signEvidence<B extends Readonly<Record<string, Json>>>(
  deps: EvidenceDeps,
  request: EvidenceRequest,
  toBody: (facts: SaleFacts) => B,
): Promise<Result<B & { readonly keyId: string; readonly signature: string }>> {
  const facts = await loadFacts(deps, request);
  if (!facts.ok) return facts;
  const key = present(
    await deps.evidenceKeys.find(request.organizationId),
    'an organization has a secret',
  );
  const body = { ...toBody(facts.value), keyId: key.keyId };
  return ok({ ...body, signature: key.sign(toCanonicalText(body)) });
}

/** Anybody may know it. Refuses `not_found`. */
export async function findEvidenceKey(
  { evidenceKeys }: Pick<EvidenceDeps, 'evidenceKeys'>,
  keyId: string,
): Promise<Result<EvidenceKey>> {
  const organizationId = parseEvidenceKeyId(keyId);
  const key = organizationId && (await evidenceKeys.find(organizationId));
  return key && key.keyId === keyId ? ok(key) : refuse('not_found');
}
