// The sale of a hold (product.md section 8): its tickets move to an order of the buyer, all in one transaction that
// states that they are still the hold's. By this call the sale is confirmed.
import { toContactId } from '../../domain/contact.ts';
import { ID_BLOCK_SIZE, toNumericId } from '../../domain/ids.ts';
import { type Hold, isAhead } from '../../domain/marketplaces/hold.ts';
import { type MarketplaceSale, type Move, toMove } from '../../domain/marketplaces/sale.ts';
import type { Order } from '../../domain/orders/order.ts';
import { type Person, toPersonName } from '../../domain/orders/sale.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { findOpenLine } from '../../domain/swaps/swap.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { ContactStore } from '../contact-ports.ts';
import { toNewId, toTriedBlock } from '../ids.ts';
import type { HoldStore } from '../marketplace-ports.ts';
import type { OrderStore } from '../order-ports.ts';
import { isLost, refuseResolved } from './change-hold.ts';
import { findHold, type HoldRequest } from './find-hold.ts';

export interface InvoiceDeps {
  readonly holds: Pick<HoldStore, 'find' | 'loadTickets' | 'invoice' | 'resolve'>;
  readonly orders: Pick<OrderStore, 'load'>;
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
}

export interface InvoiceRequest extends HoldRequest {
  readonly marketplaceOrderId: string;
  readonly buyer?: Person | undefined;
  /** Id of the key or channel whose call it was, for the tickets' history. */
  readonly by: string;
}

export interface Invoice {
  readonly saleId: string;
  readonly status: 'CONFIRMED';
  readonly marketplaceOrderId: string;
  readonly orderId: number;
  /** As they were sold; barcodes are what the buyer is sent. */
  readonly tickets: Hold['tickets'];
}

const KEEPS_NOTHING =
  'This hold binds nobody and keeps no tickets: its sale is told by a notification.';

/** Each further try follows a change of one of the orders that tickets leave, or a taken block of ids. */
const TRIES_MAX = 30;

/**
 * Again with the same order id: the same answer. Refuses `not_found`, `already_invoiced` for another order id and for
 * an order id that another sale has, `hold_expired`, `hold_released`, `not_available` if somebody got in with one of
 * the tickets all the same and for a hold that binds nobody, `unavailable`.
 */
export async function invoiceHold(
  deps: InvoiceDeps,
  request: InvoiceRequest,
): Promise<Result<Invoice>> {
  const { nowMs } = request;
  const secret = await deps.contacts.loadSecret(request.organizationId);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const hold = await findHold(deps, request);
    if (hold === undefined) return refuse('not_found');
    if (isAhead(hold)) return refuse('hold_released');
    if (!hold.binding) return refuse('not_available', { detail: KEEPS_NOTHING });
    if (hold.sale?.marketplaceOrderId === request.marketplaceOrderId) return ok(toInvoice(hold));
    const refusal = refuseResolved(hold);
    if (refusal !== undefined) return refusal;
    const tickets = await deps.holds.loadTickets(hold);
    if (tickets.some(isUsed)) return refuse('not_available');
    if (!areHeld(hold, tickets)) {
      if (await isStillLost(deps, hold, nowMs)) return refuse('hold_expired');
      continue;
    }
    const orders = await loadOrders(deps, tickets);
    if (orders === undefined) continue;
    const move = prepare({ hold, tickets, orders }, request, { secret, tries });
    const outcome = await deps.holds.invoice({ move, buyer: toContact(move, request), nowMs });
    if (outcome === 'sold') return refuse('already_invoiced');
    if (outcome === 'committed') return ok(toInvoice({ ...hold, sale: move.sale }));
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}

const toInvoice = ({ tickets, sale }: Hold): Invoice => {
  if (sale?.orderId === undefined) throw new Error('an invoiced hold has a sale with an order');
  const { saleId, marketplaceOrderId, orderId } = sale;
  return { saleId, status: 'CONFIRMED', marketplaceOrderId, orderId, tickets };
};

/** Let in by a scanner that was offline. */
const isUsed = ({ admissions, admittedElsewhereMs }: Ticket): boolean =>
  admissions > 0 || admittedElsewhereMs !== undefined;

const areHeld = ({ expiresAtMs, quantity }: Hold, tickets: readonly Ticket[]): boolean =>
  tickets.length === quantity && tickets.every(({ heldUntilMs }) => heldUntilMs === expiresAtMs);

/** The tickets were read after the hold: an extension in between makes them differ, too. */
async function isStillLost({ holds }: InvoiceDeps, hold: Hold, nowMs: number): Promise<boolean> {
  const now = await holds.find(hold);
  const isSame = now?.status === 'HELD' && !isAhead(now) && now.expiresAtMs === hold.expiresAtMs;
  return isSame && isLost({ holds }, hold, nowMs);
}

/** The orders of the tickets, each once; undefined when one says already that a ticket is no longer its own. */
async function loadOrders(
  { orders }: InvoiceDeps,
  tickets: readonly Ticket[],
): Promise<readonly Order[] | undefined> {
  const byOrder = Map.groupBy(tickets, ({ orderId = 0 }) => orderId);
  const found = await Promise.all(
    [...byOrder].map(async ([orderId, [first]]) => {
      return first && (await orders.load(first.organizationId, orderId));
    }),
  );
  const whole = found.filter((order) => order !== undefined);
  const areOwn = whole.every(
    (order) =>
      order.isCut === true ||
      byOrder
        .get(order.orderId)
        ?.every(({ eventTicketId }) => findOpenLine(order, eventTicketId) !== undefined),
  );
  return whole.length === byOrder.size && areOwn ? whole : undefined;
}

function prepare(
  facts: {
    readonly hold: Hold;
    readonly tickets: readonly Ticket[];
    readonly orders: readonly Order[];
  },
  request: InvoiceRequest,
  { secret, tries }: { readonly secret: string; readonly tries: number },
): Move {
  const { hold } = facts;
  const { buyer = {}, nowMs } = request;
  const block = toTriedBlock(nowMs, tries);
  const sale: MarketplaceSale = {
    organizationId: hold.organizationId,
    marketplace: hold.marketplace,
    marketplaceOrderId: request.marketplaceOrderId,
    saleId: toNewId('sale', nowMs),
    listingId: hold.listingId,
    quantity: hold.quantity,
    status: 'CONFIRMED',
    // Any place of the own block will do; this one spreads orders over the shards of the event's list.
    orderId: toNumericId(block, block % ID_BLOCK_SIZE),
    createdAtMs: nowMs,
  };
  const { email } = buyer;
  return toMove({
    ...facts,
    sale,
    paymentType: hold.marketplace,
    buyer: { ...buyer, ...(email === undefined ? {} : { contactId: toContactId(email, secret) }) },
    transactionId: toNewId('transaction', nowMs),
    by: request.by,
    nowMs,
  });
}

function toContact({ newOrder }: Move, { buyer = {}, nowMs }: InvoiceRequest) {
  const { organizationId, orderId, contactId } = newOrder;
  if (contactId === undefined || buyer.email === undefined) return undefined;
  const name = toPersonName(buyer);
  return {
    organizationId,
    contactId,
    email: buyer.email,
    ...(name === '' ? {} : { name }),
    source: `ord${orderId}`,
    row: 0,
    orderId,
    nowMs,
  };
}
