// GET and POST /v1/events/{eventId}/messages: the organizer's own words to an event's contacts.
import * as z from 'zod';
import { createMessage, listMessages, type MessageDeps } from '../../../app/manage-messages.ts';
import { TICKET_TYPES_MAX } from '../../../domain/event.ts';
import { type Message, MESSAGE_STATUSES, toMessageStatus } from '../../../domain/message.ts';
import { ok } from '../../../domain/result.ts';
import { ORIGINS } from '../../../domain/ticket.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { parsePage, toPageBody } from '../../pagination.ts';
import { $ClientId, $NumericId, $PageQuery } from '../../schemas.ts';
import { $Name } from './bodies.ts';

/** A long letter; with its event and event types it stays far below what a mail may hold. */
const TEXT_CHARACTERS_MAX = 10_000;
/** Line breaks and tabs are meant; other control characters don't belong into a mail, and half a pair is no text. */
const UNPRINTABLE = /[^\P{Cc}\t\r\n]|\p{Surrogate}/u;
const $Text = z
  .string()
  .trim()
  .min(1)
  .max(TEXT_CHARACTERS_MAX)
  .refine((text) => !UNPRINTABLE.test(text), 'must be text without control characters');

const LIMITS = {
  ticketTypeIds: z.array($NumericId).min(1).max(TICKET_TYPES_MAX).optional(),
  origin: z.enum(ORIGINS).optional(),
};
const $Count = z.int().min(0);
const $Message = z
  .object({
    messageId: z.string(),
    eventId: z.string(),
    subject: z.string(),
    text: z.string(),
    ...LIMITS,
    status: z.enum(MESSAGE_STATUSES),
    recipients: $Count.describe('Contacts found so far, each once.'),
    sent: $Count,
    suppressed: $Count.describe('Their address bounced or complained.'),
    skipped: $Count.describe('Erased meanwhile, or with an address that mail can not be sent to.'),
    createdAt: z.string(),
  })
  .meta({ id: 'Message' });

const toMessageBody = (message: Message) => ({
  messageId: message.messageId,
  eventId: message.eventId,
  subject: message.subject,
  text: message.text,
  ...(message.ticketTypeIds === undefined ? {} : { ticketTypeIds: message.ticketTypeIds }),
  ...(message.origin === undefined ? {} : { origin: message.origin }),
  status: toMessageStatus(message),
  recipients: message.recipients,
  sent: message.sent,
  suppressed: message.suppressed,
  skipped: message.skipped,
  createdAt: new Date(message.createdAtMs).toISOString(),
});

const SHARED = { family: 'organizers', scope: 'organizer' } as const;
const $EventParams = z.strictObject({ eventId: $ClientId });
/** When a message was made and its id: the list is sorted by them. */
const POSITION = /^[0-9]{15}#[A-Za-z0-9_-]{1,40}$/;

const postContract = {
  ...SHARED,
  operationId: 'createMessage',
  method: 'POST',
  path: '/v1/events/{eventId}/messages',
  summary:
    'Write to the contacts of an event, each once. Bring your own messageId to make a repeat harmless.',
  params: $EventParams,
  body: z.strictObject({
    messageId: z.optional($ClientId),
    subject: $Name,
    text: $Text,
    ...LIMITS,
  }),
  success: 201,
  response: $Message,
  refusals: ['not_found', 'already_exists'],
} as const satisfies Contract;

const postMessage = defineRoute(
  postContract,
  async (deps: MessageDeps, { actor, params, body, nowMs }) => {
    const { organizationId } = actor;
    const { eventId } = params;
    const created = await createMessage(deps, { organizationId, eventId, nowMs, message: body });
    return created.ok ? ok(toMessageBody(created.value)) : created;
  },
);

const listContract = {
  ...SHARED,
  operationId: 'listMessages',
  method: 'GET',
  path: '/v1/events/{eventId}/messages',
  summary: 'List the messages to the contacts of an event with what became of them, newest first.',
  params: $EventParams,
  query: $PageQuery,
  success: 200,
  response: z.object({ items: z.array($Message), nextCursor: z.string().optional() }),
  refusals: ['not_found'],
} as const satisfies Contract;

const getMessages = defineRoute(
  listContract,
  async (deps: MessageDeps, { actor, params, query }) => {
    const page = parsePage(query, POSITION);
    if (!page.ok) return page;
    const ids = { organizationId: actor.organizationId, eventId: params.eventId };
    const listed = await listMessages(deps, ids, page.value);
    return listed.ok ? ok(toPageBody(listed.value, toMessageBody)) : listed;
  },
);

export const messageRoutes = [postMessage, getMessages];
