// The organizer's messages, as the use cases see them.
import type { Message } from '../domain/message.ts';
import type { Page, PageRequest } from './event-ports.ts';
import type { OutboxMessageOf } from './outbox-ports.ts';

export interface MessageIds {
  readonly organizationId: string;
  readonly messageId: string;
}

export interface MessageStore {
  /** With the outbox message that has it spread; false when there is one with this id. */
  readonly create: (message: Message) => Promise<boolean>;
  readonly find: (ids: MessageIds) => Promise<Message | undefined>;
  /** Newest first. */
  readonly list: (
    ids: { readonly organizationId: string; readonly eventId: string },
    page: PageRequest,
  ) => Promise<Page<Message>>;
  /** Books a page of tickets, once: false when somebody else has gone on from `before`. */
  readonly commitPage: (
    before: Message,
    page: {
      readonly next: string | undefined;
      readonly recipients: number;
      readonly suppressed: number;
    },
  ) => Promise<boolean>;
}

export type MessageOutbox = OutboxMessageOf<'mail.message' | 'mail.messageTo'>;

export interface MessageQueue {
  /** Throws when one of them was not taken. */
  readonly send: (
    entries: readonly { readonly outboxId: string; readonly message: MessageOutbox }[],
  ) => Promise<void>;
}
