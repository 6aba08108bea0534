// The notices queue: what marketplaces told, and sales that have to be looked at or that wait.
import { applyDelivery, type DeliveryDeps, lookAtSale } from '../app/notices/apply-delivery.ts';
import type { ListingIds } from '../app/marketplace-ports.ts';
import { $LookMessage, $NoticeMessage, $WaitingMessage } from '../app/notice-ports.ts';
import type { Logger } from '../app/ports.ts';
import { type BatchHandler, createBatchHandler, MalformedRecordError } from './batch.ts';

export type NoticeWorkerDeps = DeliveryDeps & {
  readonly retryWaiting: (listing: ListingIds) => Promise<void>;
  readonly logger: Logger;
};

export const createNoticeWorker = (deps: NoticeWorkerDeps): BatchHandler =>
  createBatchHandler(async (body) => {
    const look = $LookMessage.safeParse(body);
    if (look.success) return lookAtSale(deps, look.data);
    const waiting = $WaitingMessage.safeParse(body);
    if (waiting.success) return deps.retryWaiting(waiting.data);
    const { data: delivery } = $NoticeMessage.safeParse(body);
    const end = delivery === undefined ? 'malformed' : await applyDelivery(deps, delivery);
    if (end === 'malformed') throw new MalformedRecordError('not a message of this queue');
  }, deps.logger);
