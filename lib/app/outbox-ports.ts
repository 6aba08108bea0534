// Messages that leave with a state change: which there are, and which queue takes each. They carry ids only, so that
// whoever works one off reads what is true by then, and an erased person is in no queue.
import * as z from 'zod/mini';
import { MARKETPLACES } from '../domain/access.ts';
import { EXPORT_CONTENTS } from '../domain/event-export.ts';

const organizationId = z.string();
const orderId = z.number();
const $Order = { organizationId, orderId };
const $Ticket = { organizationId, eventTicketId: z.number() };

export const $OutboxMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('import.run'), organizationId, importId: z.string() }),
  z.object({
    type: z.literal('import.report'),
    organizationId,
    importId: z.string(),
    reportId: z.string(),
  }),
  z.object({
    type: z.literal('event.export'),
    organizationId,
    eventId: z.string(),
    content: z.enum(EXPORT_CONTENTS),
    exportId: z.string(),
  }),
  /** Takes a person out of everything that was stored; the message can be repeated at any time. */
  z.object({ type: z.literal('contact.erase'), organizationId, contactId: z.string() }),
  /** Order confirmation with tickets, to the buyer and to one holder if asked for. */
  z.object({
    type: z.literal('mail.order'),
    ...$Order,
    cause: z.enum(['sale', 'payment', 'exchange']),
    alsoHolderOf: z.exactOptional(z.number()),
  }),
  z.object({ type: z.literal('mail.paymentLink'), ...$Order }),
  z.object({
    type: z.literal('mail.refund'),
    ...$Order,
    transactionIds: z.readonly(z.array(z.string())),
  }),
  /** A refund that a provider has to be asked for; `attempt` tells a retry of a refund that the provider had refused for good. */
  z.object({
    type: z.literal('refund.run'),
    ...$Order,
    transactionId: z.string(),
    attempt: z.exactOptional(z.string()),
  }),
  /** From this version of the order on another amount is due: pages of a provider that were made before are closed. */
  z.object({ type: z.literal('checkout.expire'), ...$Order, version: z.number() }),
  /** A ticket has another barcode: whoever imported it with its origin follows. */
  z.object({ type: z.literal('link.follow'), ...$Ticket }),
  /** A ticket that was imported with its origin was admitted: its own organization is told. */
  z.object({ type: z.literal('link.admitted'), ...$Ticket }),
  /** What of a listing may be sold has changed: whoever is told of it reads what it is by then. */
  z.object({
    type: z.literal('listing.changed'),
    organizationId,
    listingId: z.string(),
    /** Whose own doing it was: it knows. */
    causedBy: z.exactOptional(z.enum(MARKETPLACES)),
  }),
  /** A sale was decided, or decided anew: its marketplace is told what it is by then. */
  z.object({
    type: z.literal('sale.decided'),
    organizationId,
    marketplace: z.enum(MARKETPLACES),
    marketplaceOrderId: z.string(),
  }),
  z.object({ type: z.literal('mail.reissued'), ...$Order, eventTicketId: z.number() }),
  z.object({ type: z.literal('mail.swapped'), ...$Order }),
  /** One for each run: a start tells them apart. */
  z.object({
    type: z.literal('mail.importFinished'),
    organizationId,
    importId: z.string(),
    startedAtMs: z.number(),
  }),
  /** The organizer's message to an event's contacts; spreads into one `mail.messageTo` for each. */
  z.object({ type: z.literal('mail.message'), organizationId, messageId: z.string() }),
  z.object({
    type: z.literal('mail.messageTo'),
    organizationId,
    messageId: z.string(),
    contactId: z.string(),
  }),
]);

export type OutboxMessage = z.output<typeof $OutboxMessage>;
export type OutboxMessageOf<T extends OutboxMessage['type']> = Extract<
  OutboxMessage,
  { readonly type: T }
>;

/** A message on its way: the id tells a repeat from another event with the same content. */
export interface OutboxEntry {
  readonly outboxId: string;
  readonly message: OutboxMessage;
}

export interface OutboxIds {
  readonly organizationId: string;
  readonly outboxId: string;
}

/** An outbox item as it was found: one that this version of the program doesn't understand has no message. */
export interface OutboxFind extends OutboxIds {
  readonly message?: OutboxMessage;
}

export interface OutboxStore {
  /** The queue has it: forget it. A repeat is harmless. */
  readonly remove: (sent: readonly OutboxIds[]) => Promise<void>;
  /** Takes it out of what is sent again by itself, until an operator asks for it. */
  readonly setAside: (ids: OutboxIds) => Promise<void>;
  /** Committed, and by this time still not sent. */
  readonly listUnsent: (nowMs: number, limit: number) => Promise<readonly OutboxFind[]>;
  readonly listAside: (limit: number) => Promise<readonly OutboxFind[]>;
}

export interface OutboxQueues {
  /** Answers the positions of the entries that the queue did not take; the others are in it. */
  readonly send: (queue: QueueName, entries: readonly OutboxEntry[]) => Promise<readonly number[]>;
  /** Makes an operator look: the alarm of the dispatcher's dead letters. Ids only. */
  readonly report: (ids: OutboxIds) => Promise<void>;
}

/**
 * The organizer's messages stand apart: thousands of them must not keep somebody's tickets waiting. `refunds` takes
 * whatever a payment provider has to be asked, `marketplace` what marketplaces have to be told, `links` what people at
 * another organization's door wait for.
 */
export const QUEUE_NAMES = [
  'links',
  'imports',
  'email',
  'messages',
  'refunds',
  'marketplace',
] as const;
export type QueueName = (typeof QUEUE_NAMES)[number];

const QUEUE_OF: Readonly<Record<OutboxMessage['type'], QueueName>> = {
  'import.run': 'imports',
  'import.report': 'imports',
  'event.export': 'imports',
  'contact.erase': 'imports',
  'mail.order': 'email',
  'mail.paymentLink': 'email',
  'mail.refund': 'email',
  'refund.run': 'refunds',
  'checkout.expire': 'refunds',
  'link.follow': 'links',
  'link.admitted': 'links',
  'listing.changed': 'marketplace',
  'sale.decided': 'marketplace',
  'mail.reissued': 'email',
  'mail.swapped': 'email',
  'mail.importFinished': 'email',
  'mail.message': 'messages',
  'mail.messageTo': 'messages',
};

export const toQueueName = ({ type }: OutboxMessage): QueueName => QUEUE_OF[type];
