// An order with all that its letters say about it, and the letters that bring tickets.
import { type Event, type TicketType, toSymbology } from '../../domain/event.ts';
import { toMoneyText } from '../../domain/formats.ts';
import type { Attachment, MailContent, OrderMail } from '../../domain/mails/mail.ts';
import { toOrderMail } from '../../domain/mails/order-mail.ts';
import { toSwappedTicketMail } from '../../domain/mails/swapped-ticket-mail.ts';
import type { Order } from '../../domain/orders/order.ts';
import { type OrderMoney, toOrderMoney } from '../../domain/orders/totals.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { OrderStore } from '../order-ports.ts';
import type { PrintTickets } from '../ticket-pdf-ports.ts';
import { findSubject, type LetterDeps, type Subject, toMailBase } from './letter-deps.ts';

export interface OrderLetterDeps extends LetterDeps {
  readonly orders: Pick<OrderStore, 'load' | 'loadTickets'>;
  readonly printTickets: PrintTickets;
  /** Where the order's balance can be paid. */
  readonly toPayUrl: (order: Order) => Promise<string>;
}

export interface OrderFacts extends Subject {
  readonly order: Order;
  readonly money: OrderMoney;
  /** That still stand, in the order's order. */
  readonly tickets: readonly Ticket[];
  readonly types: ReadonlyMap<number, TicketType>;
}

export async function findOrderFacts(
  deps: OrderLetterDeps,
  { organizationId, orderId }: { readonly organizationId: string; readonly orderId: number },
): Promise<OrderFacts | undefined> {
  const order = await deps.orders.load(organizationId, orderId);
  if (order === undefined) return undefined;
  const [subject, tickets, types] = await Promise.all([
    findSubject(deps, order),
    deps.orders.loadTickets(order),
    deps.events.listTicketTypes(organizationId, order.eventId),
  ]);
  if (subject === undefined) return undefined;
  return {
    ...subject,
    order,
    money: toOrderMoney(order),
    tickets: tickets.filter(({ standing }) => standing === 'ACTIVE' || standing === 'BLOCKED'),
    types: new Map(types.map(({ type }) => [type.ticketTypeId, type])),
  };
}

interface Written {
  readonly content: MailContent;
  readonly attachments: readonly Attachment[];
}

export async function writeOrderContent(
  deps: OrderLetterDeps,
  facts: OrderFacts,
  reason: OrderMail['reason'],
): Promise<Written | undefined> {
  const { order, money, tickets, types } = facts;
  if (order.canceled || tickets.length === 0) return undefined;
  const attachments = await print(deps, facts);
  const { orderId, currency } = order;
  const { totalMinor, paidMinor, balanceMinor, cardFeesMinor } = money;
  const content = toOrderMail({
    ...toMailBase(facts),
    reason,
    orderId,
    currency,
    lines: tickets.map((ticket) => ({
      eventTicketId: ticket.eventTicketId,
      ticketTypeName: toTypeName(types, ticket),
      holderName: ticket.holderName,
      section: ticket.section,
      row: ticket.row,
      seat: ticket.seat,
      priceMinor: money.lines.get(ticket.eventTicketId)?.costMinor ?? 0,
    })),
    totalMinor,
    paidMinor,
    balanceMinor,
    cardFeesMinor,
    payUrl: await deps.toPayUrl(order),
    isTicketAttached: attachments.length > 0,
  });
  return { content, attachments };
}

export async function writeSwappedContent(
  deps: OrderLetterDeps,
  facts: OrderFacts,
): Promise<Written | undefined> {
  const [ticket] = facts.tickets;
  if (ticket === undefined) return undefined;
  const attachments = await print(deps, facts);
  const content = toSwappedTicketMail({
    ...toMailBase(facts),
    marketplaceName: facts.order.ledger[0]?.paymentType ?? facts.organization.name,
    orderId: facts.order.orderId,
    ticketTypeName: toTypeName(facts.types, ticket),
    holderName: ticket.holderName,
    isTicketAttached: attachments.length > 0,
  });
  return { content, attachments };
}

const toTypeName = (types: OrderFacts['types'], { ticketTypeId }: Ticket): string =>
  types.get(ticketTypeId)?.name ?? '';

/** Those that the door would let in as far as their payment goes: for the others the tickets come once they are paid. */
async function print(
  { printTickets }: OrderLetterDeps,
  { order, event, organization, tickets, types, money }: OrderFacts,
): Promise<readonly Attachment[]> {
  const printed = tickets.filter(({ payment }) => payment !== 'NOTHING');
  if (printed.length === 0) return [];
  const { language } = organization;
  const content = await printTickets({
    language,
    createdAt: new Date(order.createdAtMs),
    tickets: printed.map((ticket) => ({
      ...toPrintedEvent(event),
      ticketTypeName: toTypeName(types, ticket),
      holderName: ticket.holderName,
      barcode: ticket.barcode,
      section: ticket.section,
      row: ticket.row,
      seat: ticket.seat,
      orderId: order.orderId,
      eventTicketId: ticket.eventTicketId,
      priceText: toMoneyText(
        money.lines.get(ticket.eventTicketId)?.costMinor ?? 0,
        order.currency,
        language,
      ),
    })),
  });
  return [{ fileName: FILE_NAME, contentType: 'application/pdf', content }];
}

const toPrintedEvent = (event: Event) => ({
  eventName: event.name,
  startsAt: event.startsAt,
  timezone: event.timezone,
  symbology: toSymbology(event),
});

/** The same word in both languages. */
const FILE_NAME = 'tickets.pdf';
