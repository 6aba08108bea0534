// The refunds queue. A provider that can't be reached makes the message come again; what it refuses for good stands on
// the order as FAILED.
import { expireOutdated, type ExpireDeps } from '../app/payments/checkout.ts';
import { type RunRefundDeps, runRefund } from '../app/payments/run-refund.ts';
import { $OutboxMessage } from '../app/outbox-ports.ts';
import type { Logger } from '../app/ports.ts';
import { type BatchHandler, createBatchHandler, MalformedRecordError } from './batch.ts';

export type RefundWorkerDeps = RunRefundDeps & ExpireDeps & { readonly logger: Logger };

export const createRefundWorker = (deps: RefundWorkerDeps): BatchHandler =>
  createBatchHandler(async (body) => {
    const { data: message } = $OutboxMessage.safeParse(body);
    if (message?.type === 'refund.run') return runRefund(deps, message);
    if (message?.type === 'checkout.expire') return expireOutdated(deps, message);
    throw new MalformedRecordError('not a message of this queue');
  }, deps.logger);
