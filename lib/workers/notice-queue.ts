// The notices queue: what marketplaces told, and sales that have to be looked at.
import { applyDelivery, type DeliveryDeps, lookAtSale } from '../app/notices/apply-delivery.ts';
import { $LookMessage, $NoticeMessage } from '../app/notice-ports.ts';
import type { Logger } from '../app/ports.ts';
import { type BatchHandler, createBatchHandler, MalformedRecordError } from './batch.ts';

export type NoticeWorkerDeps = DeliveryDeps & { readonly logger: Logger };

export const createNoticeWorker = (deps: NoticeWorkerDeps): BatchHandler =>
  createBatchHandler(async (body) => {
    const look = $LookMessage.safeParse(body);
    if (look.success) return lookAtSale(deps, look.data);
    const { data: delivery } = $NoticeMessage.safeParse(body);
    const end = delivery === undefined ? 'malformed' : await applyDelivery(deps, delivery);
    if (end === 'malformed') throw new MalformedRecordError('not a message of this queue');
  }, deps.logger);
