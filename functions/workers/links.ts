// Entry of the worker that carries swaps and admissions between organizations.
import { createLinksContainer } from '../../lib/runtime/container/links.ts';
import { createLinkWorker } from '../../lib/workers/link-queue.ts';

export const handler = createLinkWorker(createLinksContainer(process.env));
