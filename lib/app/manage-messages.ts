// Writing to an event's contacts. Here the message is only accepted; the messages queue spreads and sends it.
import { isDeepStrictEqual } from 'node:util';
import type { Message } from '../domain/message.ts';
import { type Result, ok, refuse } from '../domain/result.ts';
import type { Origin } from '../domain/ticket.ts';
import type { EventStore, Page, PageRequest } from './event-ports.ts';
import { toNewId } from './ids.ts';
import type { MessageStore } from './message-ports.ts';

export interface MessageDeps {
  readonly events: EventStore;
  readonly messages: MessageStore;
}

export interface NewMessage {
  readonly messageId?: string | undefined;
  readonly subject: string;
  readonly text: string;
  readonly ticketTypeIds?: readonly number[] | undefined;
  readonly origin?: Origin | undefined;
}

interface EventIds {
  readonly organizationId: string;
  readonly eventId: string;
}

/** Refuses `not_found`, and `already_exists` for the id of another message; the same one again is answered. */
export async function createMessage(
  { events, messages }: MessageDeps,
  input: EventIds & { readonly nowMs: number; readonly message: NewMessage },
): Promise<Result<Message>> {
  const { organizationId, eventId, nowMs } = input;
  if ((await events.find(organizationId, eventId)) === undefined) return refuse('not_found');
  const { messageId = toNewId('message', nowMs), subject, text, ...limits } = input.message;
  const { ticketTypeIds, origin } = limits;
  const message: Message = {
    organizationId,
    eventId,
    messageId,
    subject,
    text,
    ...(ticketTypeIds === undefined ? {} : { ticketTypeIds }),
    ...(origin === undefined ? {} : { origin }),
    createdAtMs: nowMs,
    isSpread: false,
    recipients: 0,
    sent: 0,
    suppressed: 0,
    skipped: 0,
  };
  if (await messages.create(message)) return ok(message);
  const existing = await messages.find({ organizationId, messageId });
  const isRepeat =
    existing !== undefined && isDeepStrictEqual(toRequest(existing), toRequest(message));
  return isRepeat ? ok(existing) : refuse('already_exists');
}

export async function listMessages(
  { events, messages }: MessageDeps,
  ids: EventIds,
  page: PageRequest,
): Promise<Result<Page<Message>>> {
  const event = await events.find(ids.organizationId, ids.eventId);
  return event === undefined ? refuse('not_found') : ok(await messages.list(ids, page));
}

const toRequest = ({ eventId, subject, text, ticketTypeIds, origin }: Message) => ({
  eventId,
  subject,
  text,
  ticketTypeIds,
  origin,
});
