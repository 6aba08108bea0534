// The queue of bounces and complaints.
import { createMailEventsContainer } from '../../lib/runtime/container/mail-events.ts';
import { createMailEventWorker } from '../../lib/workers/mail-events.ts';

export const handler = createMailEventWorker(createMailEventsContainer(process.env));
