// A marketplace cancels a sale, whatever became of it: what was never admitted returns to stock under a new barcode, in
// steps where it is much. Told before its sale it is remembered.
import { ID_BLOCK_SIZE, toNumericId } from '../../domain/ids.ts';
import {
  findStaying,
  type GiveBack,
  isReturnable,
  type ReturnedTicket,
  toOrderLeft,
  toRelisted,
  toStockOrder,
} from '../../domain/marketplaces/give-back.ts';
import {
  isCanceledAhead,
  type MarketplaceSale,
  toCanceled,
} from '../../domain/marketplaces/sale.ts';
import { toFees } from '../../domain/orders/fees.ts';
import { CHANGE_ITEMS_MAX, type LedgerEntry, type Order } from '../../domain/orders/order.ts';
import { planRefund } from '../../domain/orders/refunds.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { toNewBarcode, toNewId, toTriedBlock } from '../ids.ts';
import type { ListingStore, NewGiveBack, SaleIds, SaleStore } from '../marketplace-ports.ts';
import type { OrderStore } from '../order-ports.ts';
import { toOutdatedPages } from '../orders/change-order.ts';
import { toRefundMessages } from '../orders/refund-order.ts';
import type { OrganizationStore } from '../organization-ports.ts';

export interface CancelSaleDeps {
  readonly sales: Pick<SaleStore, 'find' | 'change' | 'cancelAhead' | 'giveBack'>;
  readonly orders: Pick<OrderStore, 'load' | 'loadTickets'>;
  readonly listings: Pick<ListingStore, 'find'>;
  readonly organizations: Pick<OrganizationStore, 'find'>;
}

/** Tickets of one transaction, fewer where many payments have to be taken back. */
const TICKETS_STEP = 16;
/** Of a transaction, for each ticket: two barcodes, its history, its import, and what those who imported it are told. */
const TICKET_ITEMS = 5;
/** The sale and its timeline, both orders, a block of ids, the listing and what is told of it. */
const OTHER_ITEMS = 7;
/** Steps, and changes that others make meanwhile. */
const ROUNDS_MAX = 100;

/** Repeat-safe: a repeat goes on where one ended. Throws what is worth another try. */
export async function cancelSale(deps: CancelSaleDeps, ids: SaleIds, nowMs: number): Promise<void> {
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds += 1) {
    const before = await deps.sales.find(ids);
    if (before === undefined) {
      if (await deps.sales.cancelAhead(ids, nowMs)) return;
      continue;
    }
    if (isCanceledAhead(before)) return;
    const outcome = await cancelStep(deps, before, { nowMs, tries: rounds });
    if (outcome === 'done') return;
  }
  throw new Error('a sale changed all the time while it was canceled');
}

interface Step {
  readonly nowMs: number;
  readonly tries: number;
}

async function cancelStep(
  deps: CancelSaleDeps,
  before: MarketplaceSale,
  step: Step,
): Promise<'done' | 'again'> {
  const { organizationId, orderId } = before;
  const order = orderId && (await deps.orders.load(organizationId, orderId));
  if (order === undefined || order === 0) {
    const after = toCanceled(before, step.nowMs);
    if (after === undefined) return 'done';
    return (await deps.sales.change({ before, after, nowMs: step.nowMs })) ? 'done' : 'again';
  }
  const tickets = await deps.orders.loadTickets(order);
  const returnable = tickets.filter(
    (ticket) => isOpen(order, ticket) && isReturnable(ticket, order),
  );
  if (before.status === 'CANCELED' && returnable.length === 0) return 'done';
  const made = await prepare(deps, before, { ...step, order, tickets, returnable });
  if (!(await deps.sales.giveBack(made))) return 'again';
  return returnable.length > made.tickets.length ? 'again' : 'done';
}

const isOpen = ({ lines }: Order, { eventTicketId }: Ticket): boolean =>
  lines.some((line) => line.eventTicketId === eventTicketId && line.end === undefined);

interface Facts extends Step {
  readonly order: Order;
  readonly tickets: readonly Ticket[];
  readonly returnable: readonly Ticket[];
}

async function prepare(
  deps: CancelSaleDeps,
  saleBefore: MarketplaceSale,
  facts: Facts,
): Promise<NewGiveBack> {
  const { order, nowMs } = facts;
  const organization = await deps.organizations.find(order.organizationId);
  const { cardFeeRefundable } = toFees(organization?.fees, order.currency);
  const { tickets, after, messages } = planStep({ ...facts, cardFeeRefundable });
  const block = toTriedBlock(nowMs, facts.tries);
  const stockId = toNumericId(block, block % ID_BLOCK_SIZE);
  const stock = toStockOrder(order, tickets, { orderId: stockId, nowMs });
  return {
    saleBefore,
    sale: toGivenBack(saleBefore, facts),
    order: { before: order, after },
    stock: tickets.length === 0 ? undefined : stock,
    tickets,
    listing: await findRelisted(deps, saleBefore, { tickets, stockId }),
    messages,
    nowMs,
  };
}

/** As many tickets as fit in a transaction together with what was paid for them. */
function planStep(facts: Facts & { readonly cardFeeRefundable: boolean }) {
  const { order, returnable } = facts;
  for (let count = Math.min(TICKETS_STEP, returnable.length); ; count = Math.floor(count / 2)) {
    const tickets = returnable
      .slice(0, count)
      .map((ticket): ReturnedTicket => ({ ticket, barcode: toNewBarcode() }));
    const entries = planMoney(facts, tickets);
    const after = toOrderLeft(order, tickets, entries);
    const messages = [...toRefundMessages(order, entries), ...toOutdatedPages(order, after)];
    // Each entry may be the only one of its line in the report.
    const items = OTHER_ITEMS + TICKET_ITEMS * count + 2 * entries.length + messages.length;
    if (items <= CHANGE_ITEMS_MAX || count <= 1) return { tickets, after, messages };
  }
}

/** In a later step it is canceled already. */
function toGivenBack(sale: MarketplaceSale, { order, tickets, nowMs }: Facts): MarketplaceSale {
  const attention = findStaying(order, tickets);
  const more = attention === undefined ? {} : { attention };
  return toCanceled(sale, nowMs, more) ?? { ...sale, ...more, version: sale.version + 1 };
}

/** All that is still paid for what returns, and for tickets that the host had canceled. */
function planMoney(
  { order, nowMs, cardFeeRefundable }: Facts & { readonly cardFeeRefundable: boolean },
  returned: readonly ReturnedTicket[],
): readonly LedgerEntry[] {
  const canceled = order.lines.filter(({ end }) => end === 'CANCELED');
  const ids = [
    ...returned.map(({ ticket }) => ticket.eventTicketId),
    ...canceled.map(({ eventTicketId }) => eventTicketId),
  ];
  return planRefund({
    order,
    wanted: new Map(ids.map((id) => [id, Infinity])),
    cause: 'refund',
    withCancel: true,
    cardFeeRefundable,
    atMs: nowMs,
    toTransactionId: () => toNewId('transaction', nowMs),
  });
}

async function findRelisted(
  { listings }: CancelSaleDeps,
  { organizationId, listingId }: MarketplaceSale,
  { tickets, stockId }: { readonly tickets: readonly ReturnedTicket[]; readonly stockId: number },
): Promise<GiveBack['listing']> {
  if (tickets.length === 0) return undefined;
  const before = await listings.find({ organizationId, listingId });
  // Closed is closed for good.
  if (before?.status !== 'OPEN') return undefined;
  return { before, after: toRelisted(before, tickets, stockId) };
}
