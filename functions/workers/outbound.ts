// The marketplace queue: what marketplaces are told.
import { createOutboundContainer } from '../../lib/runtime/container/outbound.ts';
import { createOutboundWorker } from '../../lib/workers/outbound-queue.ts';

export const handler = createOutboundWorker(createOutboundContainer(process.env));
