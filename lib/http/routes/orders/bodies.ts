// An order as the organizer sees it.
import * as z from 'zod';
import type { OrderView } from '../../../app/orders/order-view.ts';
import { toTransactions } from '../../../domain/orders/ledger.ts';
import {
  ENTRY_STATUSES,
  LEDGER_KINDS,
  type LedgerEntry,
  LINE_ENDS,
  ORDER_STATUSES,
  REFUND_CAUSES,
} from '../../../domain/orders/order.ts';
import { TICKET_STATUSES, toTicketStatus } from '../../../domain/ticket.ts';
import { $NumericId } from '../../schemas.ts';
import { $Money } from '../organizers/bodies.ts';

const $Transaction = z
  .object({
    transactionId: z.string(),
    kind: z.enum(LEDGER_KINDS),
    paymentType: z.string(),
    amount: $Money.meta({ description: 'The money that moved, card fee included.' }),
    cardFee: $Money,
    allocations: z.array(
      z.object({ eventTicketId: $NumericId, subtotal: $Money, cardFee: $Money }),
    ),
    at: z.string(),
    status: z.enum(ENTRY_STATUSES),
    of: z.string().exactOptional(),
    cause: z.enum(REFUND_CAUSES).exactOptional(),
    external: z.boolean().exactOptional(),
    note: z.string().exactOptional(),
    reference: z.string().exactOptional(),
    paidOn: z.string().exactOptional(),
  })
  .meta({ id: 'Transaction' });

const $OrderTicket = z
  .object({
    eventTicketId: $NumericId,
    ticketTypeId: $NumericId,
    barcode: z.string(),
    status: z.enum(TICKET_STATUSES),
    ended: z.enum(LINE_ENDS).exactOptional().meta({ description: 'Why nothing is due any more.' }),
    holderName: z.string().exactOptional(),
    price: $Money,
    subtotal: $Money.meta({ description: 'With the platform fee where the buyer pays it.' }),
    due: $Money,
  })
  .meta({ id: 'OrderTicket' });

export const $Order = z
  .object({
    orderId: $NumericId,
    eventId: z.string(),
    status: z.enum(ORDER_STATUSES),
    buyer: z.object({
      firstName: z.string().exactOptional(),
      lastName: z.string().exactOptional(),
      email: z.string().exactOptional(),
    }),
    contactId: z.string().exactOptional(),
    total: $Money,
    paid: $Money,
    balance: $Money,
    cardFees: $Money.meta({ description: 'Card fees apart: in none of the other amounts.' }),
    transactions: z.array($Transaction),
    tickets: z.array($OrderTicket),
    isCut: z
      .boolean()
      .exactOptional()
      .meta({ description: 'An import gave it more tickets than are shown.' }),
    createdAt: z.string(),
    version: z.int(),
  })
  .meta({ id: 'Order' });

export function toOrderBody({ order, money, tickets, email }: OrderView) {
  const { currency } = order;
  const toMoney = (amountMinor: number) => ({ amountMinor, currency });
  return {
    ...order,
    status: money.status,
    buyer: { ...order.buyer, ...(email === undefined ? {} : { email }) },
    total: toMoney(money.totalMinor),
    paid: toMoney(money.paidMinor),
    balance: toMoney(money.balanceMinor),
    cardFees: toMoney(money.cardFeesMinor),
    transactions: toTransactions(order).map((entry) => toTransactionBody(entry, toMoney)),
    tickets: order.lines.map((line) => {
      const ticket = tickets.get(line.eventTicketId);
      return {
        ...line,
        barcode: ticket?.barcode ?? line.barcode,
        status: ticket === undefined ? ('CANCELED' as const) : toTicketStatus(ticket),
        ...(line.end === undefined ? {} : { ended: line.end }),
        ...(ticket?.holderName === undefined ? {} : { holderName: ticket.holderName }),
        price: toMoney(line.priceMinor),
        subtotal: toMoney(line.subtotalMinor),
        due: toMoney(money.lines.get(line.eventTicketId)?.dueMinor ?? 0),
      };
    }),
    createdAt: new Date(order.createdAtMs).toISOString(),
  };
}

const toTransactionBody = (
  entry: LedgerEntry,
  toMoney: (amountMinor: number) => { readonly amountMinor: number; readonly currency: string },
) => ({
  ...entry,
  amount: toMoney(entry.amountMinor),
  cardFee: toMoney(entry.cardFeeMinor),
  allocations: entry.allocations.map((part) => ({
    eventTicketId: part.eventTicketId,
    subtotal: toMoney(part.subtotalMinor),
    cardFee: toMoney(part.cardFeeMinor),
  })),
  at: new Date(entry.atMs).toISOString(),
});
