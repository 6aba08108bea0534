// The notices queue: what marketplaces tell of sales.
import { createNoticesContainer } from '../../lib/runtime/container/notices.ts';
import { createNoticeWorker } from '../../lib/workers/notice-queue.ts';

export const handler = createNoticeWorker(createNoticesContainer(process.env));
