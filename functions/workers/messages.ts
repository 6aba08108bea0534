// The messages queue: the organizer's messages to an event's contacts.
import { createMessagesContainer } from '../../lib/runtime/container/mail.ts';
import { createMessageWorker } from '../../lib/workers/mail-queues.ts';

export const handler = createMessageWorker(createMessagesContainer(process.env));
