// The sale of a hold (product.md section 8): its tickets move to an order of the buyer, all in one transaction that
// states that they are still the hold's. By this call the sale is confirmed.
import { present } from '../../domain/assert.ts';
import { type Hold, type HoldSale, isAhead } from '../../domain/marketplaces/hold.ts';
import {
  isCanceledAhead,
  type MarketplaceSale,
  type SaleAttention,
  type StoredSale,
  toStatus,
} from '../../domain/marketplaces/sale.ts';
import type { Person } from '../../domain/orders/sale.ts';
import type { RefusalCode } from '../../domain/refusals.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { ContactStore } from '../contact-ports.ts';
import { toNewId } from '../ids.ts';
import type { HoldStore, SaleStore } from '../marketplace-ports.ts';
import type { OrderStore } from '../order-ports.ts';
import { isLost, refuseResolved } from './change-hold.ts';
import { findHold, type HoldRequest } from './find-hold.ts';
import { loadLeftOrders, prepareMove } from './prepare-move.ts';

export interface InvoiceDeps {
  readonly holds: Pick<HoldStore, 'find' | 'loadTickets' | 'invoice' | 'resolve'>;
  readonly orders: Pick<OrderStore, 'load'>;
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
  readonly sales: Pick<SaleStore, 'find' | 'change'>;
}

export interface InvoiceRequest extends HoldRequest {
  readonly marketplaceOrderId: string;
  readonly buyer?: Person | undefined;
  /** Id of the key or channel whose call it was, for the tickets' history. */
  readonly by: string;
  /** SHA-256 of the call's body, in hex. */
  readonly payloadDigest?: string | undefined;
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
 * the tickets all the same and for a hold that binds nobody, `unavailable`. What came too late is kept as a sale without
 * tickets.
 */
export async function invoiceHold(
  deps: InvoiceDeps,
  request: InvoiceRequest,
): Promise<Result<Invoice>> {
  const invoiced = await tryToInvoice(deps, request);
  const attention = invoiced.ok ? undefined : LATE.get(invoiced.refusal.code);
  if (attention !== undefined) await keepLate(deps, request, attention);
  return invoiced;
}

/** Refusals after which a marketplace may have sold all the same, and what the host reads of it. */
const LATE: ReadonlyMap<RefusalCode, SaleAttention> = new Map([
  ['hold_expired', 'HOLD_EXPIRED'],
  ['not_available', 'HOLD_EXPIRED'],
  ['hold_released', 'NO_HOLD'],
]);

async function tryToInvoice(deps: InvoiceDeps, request: InvoiceRequest): Promise<Result<Invoice>> {
  const { nowMs } = request;
  const secret = await deps.contacts.loadSecret(request.organizationId);
  let saleBefore: StoredSale | undefined;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const hold = await findHold(deps, request);
    if (hold === undefined) return refuse('not_found');
    if (isAhead(hold)) return refuse('hold_released');
    if (!hold.binding) return refuse('not_available', { detail: KEEPS_NOTHING });
    if (hold.sale?.marketplaceOrderId === request.marketplaceOrderId) {
      return ok(toInvoice(hold, hold.sale));
    }
    const refusal = refuseResolved(hold);
    if (refusal !== undefined) return refusal;
    const tickets = await deps.holds.loadTickets(hold);
    if (tickets.some(isUsed)) return refuse('not_available');
    if (!areHeld(hold, tickets)) {
      if (await isStillLost(deps, hold, nowMs)) return refuse('hold_expired');
      continue;
    }
    const orders = await loadLeftOrders(deps, tickets);
    if (orders === undefined) continue;
    const sale = toSale(hold, request, saleBefore);
    if (sale === undefined) return refuse('already_invoiced');
    const { buyer = {}, by } = request;
    const made = prepareMove({
      hold,
      saleBefore,
      sale,
      offer: hold,
      tickets,
      orders,
      buyer,
      by,
      secret,
      tries,
      nowMs,
    });
    const outcome = await deps.holds.invoice(made);
    const { orderId } = made.move.newOrder;
    if (outcome === 'committed') return ok(toInvoice(hold, { ...sale, orderId }));
    if (outcome === 'sold') saleBefore = await deps.sales.find(request);
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}

/** Confirmed by this call, so there is nothing to tell. A sale that came too late before may come again with a new hold. */
function toSale(
  hold: Hold,
  request: InvoiceRequest,
  before: StoredSale | undefined,
): MarketplaceSale | undefined {
  const { nowMs } = request;
  if (before === undefined) return { ...toNewSale(hold, request), status: 'CONFIRMED' };
  if (isCanceledAhead(before) || before.status !== 'UNAVAILABLE') return undefined;
  const { quantity, unitPriceMinor, listingId, holdRequestId } = hold;
  const late = { ...before, listingId, quantity, holdRequestId };
  return toStatus(late, 'CONFIRMED', nowMs, { unitPriceMinor });
}

const toNewSale = (hold: Hold, { marketplaceOrderId, payloadDigest, nowMs }: InvoiceRequest) => ({
  organizationId: hold.organizationId,
  marketplace: hold.marketplace,
  marketplaceOrderId,
  saleId: toNewId('sale', nowMs),
  listingId: hold.listingId,
  quantity: hold.quantity,
  unitPriceMinor: hold.unitPriceMinor,
  holdRequestId: hold.holdRequestId,
  ...(payloadDigest === undefined ? {} : { payloadDigest }),
  decision: 0,
  createdAtMs: nowMs,
  changedAtMs: nowMs,
  version: 1,
});

/** The host has to know of it, and it is evidence. A sale that is known stays as it is. */
async function keepLate(
  { holds, sales }: InvoiceDeps,
  request: InvoiceRequest,
  attention: SaleAttention,
): Promise<void> {
  const { nowMs } = request;
  const hold = await holds.find(request);
  if (hold === undefined || isAhead(hold) || !hold.binding) return;
  const after = { ...toNewSale(hold, request), status: 'UNAVAILABLE', attention } as const;
  await sales.change({ before: undefined, after, nowMs });
}

const toInvoice = (
  { tickets }: Hold,
  { saleId, marketplaceOrderId, orderId }: HoldSale,
): Invoice => ({
  saleId,
  status: 'CONFIRMED',
  marketplaceOrderId,
  orderId: present(orderId, 'the sale of a binding hold has an order'),
  tickets,
});

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
