// The email queue: mails about orders and imports.
import { createMailContainer } from '../../lib/runtime/container/mail.ts';
import { createMailWorker } from '../../lib/workers/mail-queues.ts';

export const handler = createMailWorker(createMailContainer(process.env));
