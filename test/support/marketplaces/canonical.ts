// A marketplace that speaks the canonical protocol: takes messages signed by Standard Webhooks, each id once.
import { verifyWebhook } from '../../../lib/domain/marketplaces/webhook-signature.ts';
import { type Answer, json, startStandIn } from './stand-in.ts';

const CANONICAL_SECRET = `whsec_${'C'.repeat(32)}`;

export async function startCanonical(clock: () => number) {
  const known = new Set<string>();
  const answer: Answer = ({ headers, text, nowMs }, book) => {
    const proof = verifyWebhook({ headers, text, nowMs }, [CANONICAL_SECRET]);
    if (proof === undefined) return json({}, 401);
    if (known.has(proof.id)) return json({});
    known.add(proof.id);
    const { type, data } = JSON.parse(text);
    if (type === 'listing.updated') book.listings.set(data.listingId, data.quantity);
    const sale = book.sales.get(data.marketplaceOrderId);
    if (type === 'sale.confirmed' && sale) book.confirm(sale);
    if (type === 'sale.rejected' && sale) book.reject(sale, data.reason);
    return json({});
  };
  const standIn = await startStandIn(answer, clock);
  return { ...standIn, outbound: { url: standIn.url, secret: CANONICAL_SECRET } };
}
