// A sale was decided: the lane of its marketplace gets something to tell.
import type { Marketplace } from '../../domain/access.ts';
import type { LaneStore, OutboundQueue } from '../outbound-ports.ts';

export interface SpreadSaleDeps {
  readonly lanes: Pick<LaneStore, 'ask'>;
  readonly queue: Pick<OutboundQueue, 'send'>;
}

/** Repeat-safe: each decision is told once. */
export async function spreadSale(
  { lanes, queue }: SpreadSaleDeps,
  event: {
    readonly organizationId: string;
    readonly marketplace: Marketplace;
    readonly marketplaceOrderId: string;
    readonly nowMs: number;
  },
): Promise<void> {
  const { organizationId, marketplace, marketplaceOrderId: id, nowMs } = event;
  const ids = { organizationId, marketplace, subject: { kind: 'sale', id } } as const;
  await lanes.ask(ids, { onlyKnown: false, nowMs });
  await queue.send([{ type: 'outbound.deliver', ...ids }]);
}
