// Tickets of a listing may have come free: if sales wait for some, the worker that may sell is woken.
import type { ListingIds, SaleStore } from '../marketplace-ports.ts';
import type { NoticeQueue } from '../notice-ports.ts';

export interface WakeDeps {
  readonly sales: Pick<SaleStore, 'listWaiting'>;
  readonly notices: Pick<NoticeQueue, 'send'>;
}

export async function wakeWaiting(
  { sales, notices }: WakeDeps,
  { organizationId, listingId }: ListingIds,
): Promise<void> {
  const waiting = await sales.listWaiting({ organizationId, listingId });
  if (waiting.length > 0) await notices.send({ type: 'sale.waiting', organizationId, listingId });
}
