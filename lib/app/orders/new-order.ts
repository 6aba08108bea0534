// The order and the tickets of a sale, as they will be stored. Pure but for the ids and barcodes that it asks for.
import type { Event, TicketType } from '../../domain/event.ts';
import { ID_BLOCK_SIZE, toNumericId } from '../../domain/ids.ts';
import { type CardUse, type Fees, toCardFee, toSubtotal } from '../../domain/orders/fees.ts';
import {
  type LedgerEntry,
  type Order,
  ORDER_TICKETS_MAX,
  type OrderLine,
} from '../../domain/orders/order.ts';
import { toDues, toPaymentEntry } from '../../domain/orders/payments.ts';
import {
  isComplimentaryPayment,
  type Person,
  type Sale,
  toPersonName,
} from '../../domain/orders/sale.ts';
import { toOrderMoney } from '../../domain/orders/totals.ts';
import { sum } from '../../domain/money.ts';
import { present } from '../../domain/assert.ts';
import { type Ticket, toHolderName } from '../../domain/ticket.ts';

export interface NewOrderFacts {
  readonly organizationId: string;
  readonly event: Event;
  readonly types: ReadonlyMap<number, TicketType>;
  readonly fees: Fees;
  /** Owned by this sale: the order's and the tickets' ids lie in it. */
  readonly block: number;
  readonly toContactId: (email: string) => string;
  readonly toBarcode: () => string;
  readonly toTransactionId: () => string;
  readonly nowMs: number;
}

/** Places of a block at which a sale's ids may begin: the order's own, and one for each ticket. */
const FIRST_PLACES = ID_BLOCK_SIZE - ORDER_TICKETS_MAX - 1;

export function toNewOrder(sale: Sale, facts: NewOrderFacts) {
  const { organizationId, event, fees, nowMs } = facts;
  const { buyer = {}, payment } = sale;
  // The client's own id may lie in this very block: then the tickets take the next one.
  const isMet =
    sale.orderId !== undefined && Math.floor(sale.orderId / ID_BLOCK_SIZE) === facts.block;
  const block = facts.block + (isMet ? 1 : 0);
  // Any place of the own block will do; this one spreads orders over the shards of the event's list.
  const first = block % FIRST_PLACES;
  const orderId = sale.orderId ?? toNumericId(block, first);
  const complimentary = payment !== undefined && isComplimentaryPayment(payment.paymentType);
  const wanted = sale.items.flatMap(({ ticketTypeId, quantity, holders = [] }) =>
    Array.from({ length: quantity }, (_, at) => ({ ticketTypeId, holder: holders[at] })),
  );
  const lines = wanted.map(({ ticketTypeId }, at): OrderLine => {
    const type = present(facts.types.get(ticketTypeId), 'the sale has no faults');
    const priceMinor = complimentary ? 0 : type.priceMinor;
    const eventTicketId = toNumericId(block, first + 1 + at);
    const ids = { eventTicketId, ticketTypeId, barcode: facts.toBarcode() };
    return { ...ids, priceMinor, ...toSubtotal(priceMinor, fees) };
  });
  const unpaid: Order = {
    organizationId,
    orderId,
    eventId: event.eventId,
    currency: event.currency,
    ...(buyer.email === undefined ? {} : { contactId: facts.toContactId(buyer.email) }),
    buyer: {
      ...(buyer.firstName === undefined ? {} : { firstName: buyer.firstName }),
      ...(buyer.lastName === undefined ? {} : { lastName: buyer.lastName }),
    },
    complimentary,
    canceled: false,
    createdAtMs: nowMs,
    lines,
    ledger: [],
    version: 1,
  };
  const order = { ...unpaid, ledger: toFirstPayment(unpaid, payment, facts) };
  return {
    order,
    tickets: toTickets(
      order,
      wanted.map(({ holder }) => holder),
      { sale, facts },
    ),
  };
}

/** Everything at once, unless nothing costs anything. */
function toFirstPayment(
  unpaid: Order,
  payment: Sale['payment'],
  { fees, toTransactionId, nowMs }: NewOrderFacts,
): readonly LedgerEntry[] {
  const dues = toDues(unpaid);
  if (payment === undefined || dues.size === 0) return [];
  const { paymentType, card } = payment;
  const cardFeeMinor = card === undefined ? 0 : toSaleCardFee(dues, fees, card);
  const facts = { transactionId: toTransactionId(), paymentType, atMs: nowMs } as const;
  return [toPaymentEntry({ ...facts, provider: 'manual' }, dues, { cardFeeMinor })];
}

const toSaleCardFee = (dues: ReadonlyMap<number, number>, fees: Fees, card: CardUse): number =>
  toCardFee(sum(dues.values()), fees, card);

function toTickets(
  order: Order,
  holders: readonly (Person | undefined)[],
  { sale, facts }: { readonly sale: Sale; readonly facts: NewOrderFacts },
): readonly Ticket[] {
  const money = toOrderMoney(order);
  return order.lines.map((line, at): Ticket => {
    const person = holders[at] ?? sale.buyer ?? {};
    const holderName = toHolderName(toPersonName(person));
    const email = holders[at]?.email;
    return {
      organizationId: order.organizationId,
      eventId: order.eventId,
      barcode: line.barcode,
      eventTicketId: line.eventTicketId,
      orderId: order.orderId,
      // The holder's own address; the buyer's is on the order.
      ...(email === undefined ? {} : { contactId: facts.toContactId(email) }),
      ticketTypeId: line.ticketTypeId,
      origin: 'SOLD',
      standing: 'ACTIVE',
      payment: present(money.lines.get(line.eventTicketId), 'each line has money').payment,
      ...(holderName === '' ? {} : { holderName }),
      checkedIn: false,
      inside: false,
      admissions: 0,
      scanMarks: [],
      priceMinor: line.priceMinor,
      createdAtMs: facts.nowMs,
    };
  });
}
