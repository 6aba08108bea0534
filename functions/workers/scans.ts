// The scans queue: what the door refused.
import { createScanWorkerContainer } from '../../lib/runtime/container/scan-worker.ts';
import { createScanQueueWorker } from '../../lib/workers/scan-queue.ts';

export const handler = createScanQueueWorker(createScanWorkerContainer(process.env));
