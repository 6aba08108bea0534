// The outbound queue: what marketplaces are told. What one of them doesn't take is no failure of the message: its next
// attempt stands in the table.
import { deliver, type DeliverDeps } from '../app/outbound/deliver.ts';
import { spreadListing, type SpreadDeps } from '../app/outbound/spread-listing.ts';
import { spreadSale } from '../app/outbound/spread-sale.ts';
import { wakeWaiting, type WakeDeps } from '../app/outbound/wake-waiting.ts';
import { $DeliverMessage } from '../app/outbound-ports.ts';
import { $OutboxMessage } from '../app/outbox-ports.ts';
import { type BatchHandler, createBatchHandler, MalformedRecordError } from './batch.ts';

export type OutboundWorkerDeps = DeliverDeps & SpreadDeps & WakeDeps;

export const createOutboundWorker = (deps: OutboundWorkerDeps): BatchHandler =>
  createBatchHandler(async (body) => {
    const delivery = $DeliverMessage.safeParse(body);
    if (delivery.success) return deliver(deps, delivery.data);
    const { data: event } = $OutboxMessage.safeParse(body);
    if (event?.type === 'listing.changed') {
      await wakeWaiting(deps, event);
      return spreadListing(deps, { ...event, nowMs: deps.clock() });
    }
    if (event?.type === 'sale.decided') return spreadSale(deps, { ...event, nowMs: deps.clock() });
    throw new MalformedRecordError('not a message of this queue');
  }, deps.logger);
