// The imports queue: analyzes uploads, runs imports, makes reports.
import { createImportWorkerContainer } from '../../lib/runtime/container/import-worker.ts';
import { createImportWorker } from '../../lib/workers/import-queue.ts';

export const handler = createImportWorker(createImportWorkerContainer(process.env));
