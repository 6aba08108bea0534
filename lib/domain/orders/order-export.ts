// What the export of an event's orders says of each. Facts are of our own making and never run in a spreadsheet; cells
// are what people wrote.
import { toDecimal } from '../money.ts';
import { toTransactions } from './ledger.ts';
import type { Order } from './order.ts';
import { toOrderMoney } from './totals.ts';

export const ORDER_FACTS = [
  'order id',
  'created at',
  'status',
  'currency',
  'total',
  'paid',
  'balance',
  'card fees',
  'tickets',
];
export const ORDER_HEADER = ['first name', 'last name', 'email', 'payment types'];

export function toOrderLine(order: Order, email: string | undefined) {
  const { currency, buyer } = order;
  const money = toOrderMoney(order);
  const payments = toTransactions(order).filter(({ kind }) => kind === 'PAYMENT');
  const paymentTypes = new Set(payments.map(({ paymentType }) => paymentType));
  const amounts = [money.totalMinor, money.paidMinor, money.balanceMinor, money.cardFeesMinor];
  return {
    facts: [
      String(order.orderId),
      new Date(order.createdAtMs).toISOString(),
      money.status,
      currency,
      ...amounts.map((amountMinor) => toDecimal(amountMinor, currency)),
      // Those that the order still has; what was swapped or moved stands in another one.
      String(order.lines.filter(({ end }) => end === undefined).length),
    ],
    cells: [buyer.firstName ?? '', buyer.lastName ?? '', email ?? '', [...paymentTypes].join(', ')],
  };
}
