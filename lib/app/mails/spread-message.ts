// Spreads an organizer's message over the contacts of its event: a queue message for each, each contact once. Goes
// through the event's tickets page by page and books each page when its messages are in the queue, so that a death
// repeats a page and nothing is missed or counted twice.
import pMap from 'p-map';
import { isAddressed, type Message } from '../../domain/message.ts';
import type { MailStore, SuppressionStore } from '../mail-ports.ts';
import type { OrderStore } from '../order-ports.ts';
import type { MessageIds, MessageQueue, MessageStore } from '../message-ports.ts';
import type { Clock } from '../ports.ts';
import type { TicketStore } from '../ticket-ports.ts';

export interface SpreadDeps {
  readonly messages: MessageStore;
  readonly tickets: Pick<TicketStore, 'listByEvent'>;
  readonly orders: Pick<OrderStore, 'load'>;
  readonly mails: Pick<MailStore, 'enlist'>;
  readonly suppressions: Pick<SuppressionStore, 'findSuppressed'>;
  readonly messageQueue: MessageQueue;
  readonly clock: Clock;
}

/** Tickets of a page: as many as the table answers in one read. */
const PAGE_TICKETS = 100;
const PARALLEL = 20;
const ANY_TICKET = {
  status: undefined,
  origin: undefined,
  ticketTypeId: undefined,
  orderId: undefined,
};

/** Answers when all are in the queue, or the rest is left to another call. */
export async function spreadMessage(
  deps: SpreadDeps,
  ids: MessageIds & { readonly outboxId: string },
  deadlineMs: number,
): Promise<void> {
  const { organizationId, messageId, outboxId } = ids;
  for (;;) {
    const message = await deps.messages.find(ids);
    if (message === undefined || message.isSpread) return;
    if (deps.clock() >= deadlineMs) {
      const again = { type: 'mail.message', organizationId, messageId } as const;
      return deps.messageQueue.send([{ outboxId, message: again }]);
    }
    await spreadPage(deps, message);
  }
}

/** One mail for each addressee of a message, whatever brings it. */
const toMessageMailId = (messageId: string, contactId: string): string =>
  `${messageId}-${contactId}`;

async function spreadPage(deps: SpreadDeps, message: Message): Promise<void> {
  const { organizationId, messageId, position } = message;
  const { items, next } = await deps.tickets.listByEvent(message, ANY_TICKET, {
    after: position,
    limit: PAGE_TICKETS,
  });
  const contactIds = await findContacts(deps, message, items);
  const suppressed = await deps.suppressions.findSuppressed(organizationId, contactIds);
  const notes = await pMap(
    contactIds,
    async (contactId) => {
      const mailId = toMessageMailId(messageId, contactId);
      const note = await deps.mails.enlist(
        { organizationId, mailId },
        {
          page: position ?? 'first',
          isSuppressed: suppressed.has(contactId),
          nowMs: deps.clock(),
        },
      );
      return { ...note, contactId, mailId };
    },
    { concurrency: PARALLEL },
  );
  // Those of other pages have been sent with their page.
  const own = notes.filter(({ isOfPage }) => isOfPage);
  const open = own.filter(({ isSuppressed }) => !isSuppressed);
  await deps.messageQueue.send(
    open.map(({ contactId, mailId }) => ({
      outboxId: mailId,
      message: { type: 'mail.messageTo', organizationId, messageId, contactId },
    })),
  );
  await deps.messages.commitPage(message, {
    next,
    recipients: own.length,
    suppressed: own.length - open.length,
  });
}

async function findContacts(
  { orders }: SpreadDeps,
  message: Message,
  tickets: Awaited<ReturnType<TicketStore['listByEvent']>>['items'],
): Promise<readonly string[]> {
  const addressed = tickets.filter((ticket) => isAddressed(message, ticket));
  // An imported ticket names its buyer itself; a sold one its holder, if that has an address of its own.
  const orderIds = addressed.flatMap(({ origin, orderId }) =>
    origin === 'IMPORTED' || orderId === undefined ? [] : [orderId],
  );
  const found = await pMap(
    new Set(orderIds),
    async (orderId) => orders.load(message.organizationId, orderId),
    { concurrency: PARALLEL },
  );
  const buyers = new Map(found.map((order) => [order?.orderId, order?.contactId]));
  const contactIds = addressed.flatMap(({ contactId, orderId }) => [
    contactId,
    orderId === undefined ? undefined : buyers.get(orderId),
  ]);
  return [...new Set(contactIds.filter((contactId) => contactId !== undefined))];
}
