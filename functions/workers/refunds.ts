// The refunds queue: what payment providers have to be asked.
import { createRefundsContainer } from '../../lib/runtime/container/refunds.ts';
import { createRefundWorker } from '../../lib/workers/refund-queue.ts';

export const handler = createRefundWorker(createRefundsContainer(process.env));
