// The swap (product.md section 6): the seller's barcode is retired and the buyer gets a ticket, a barcode and an order
// of its own, all in one transaction that states every fact on which the decision relied.
import { present } from '../../domain/assert.ts';
import { toContactId } from '../../domain/contact.ts';
import { toNumericId } from '../../domain/ids.ts';
import { parseDecimal, toDecimal } from '../../domain/money.ts';
import type { Order } from '../../domain/orders/order.ts';
import { type Person, toPersonName } from '../../domain/orders/sale.ts';
import type { Fault } from '../../domain/refusals.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { toMaxPrice } from '../../domain/swaps/price-cap.ts';
import { toResaleCode } from '../../domain/swaps/resale.ts';
import { findOpenLine, type Swap, toSwap } from '../../domain/swaps/swap.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { ContactStore } from '../contact-ports.ts';
import { toNewBarcode, toNewId, toTriedBlock } from '../ids.ts';
import { loadResale, type ResaleDeps, type ResaleView, toView } from './load-resale.ts';

export interface SwapDeps extends ResaleDeps {
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
}

export interface SwapRequest {
  readonly organizationId: string;
  readonly barcode: string;
  /** What TicketSwap says the buyer pays, as a decimal. */
  readonly price?: string | number | undefined;
  readonly currency?: string | undefined;
  readonly buyer: Person & { readonly email: string };
  /** Id of the key, for the history. */
  readonly by: string;
  readonly nowMs: number;
}

/** Each further try follows another writer's change of this very ticket or its order, or a taken block of ids. */
const TRIES_MAX = 30;

/**
 * The same request again, by the buyer's address, answers the same ticket while that is current. Refuses `not_found`,
 * the code of what stands against the resale, `resell_not_allowed` with the cap, `validation_failed`, `unavailable`.
 */
export async function swapTicket(
  deps: SwapDeps,
  request: SwapRequest,
): Promise<Result<ResaleView>> {
  const { organizationId, barcode, nowMs } = request;
  const secret = await deps.contacts.loadSecret(organizationId);
  const contactId = toContactId(request.buyer.email, secret);
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const view = await loadResale(deps, { organizationId, barcode }, nowMs);
    if (view === undefined) return refuse('not_found', { facts: { barcode } });
    const { bar } = view.resale;
    if (bar === 'swapped') {
      const repeated = await findRepeated(deps, view.ticket, { contactId, nowMs });
      if (repeated !== undefined) return ok(repeated);
    }
    if (bar !== undefined) return refuse(toResaleCode(bar), { facts: toFacts(view) });
    const resalePriceMinor = checkPrice(view, request);
    if (!resalePriceMinor.ok) return resalePriceMinor;
    const { order, ticket } = view;
    // The order is read after the ticket: it may say already that the ticket is no longer its own.
    if (order === undefined || findOpenLine(order, ticket.eventTicketId) === undefined) continue;
    const swap = prepare({ ticket, order }, request, {
      contactId,
      tries,
      resalePriceMinor: resalePriceMinor.value,
    });
    if (await deps.swaps.commit({ swap, buyer: toContact(swap, request), nowMs })) {
      const made = await toView(deps, swap.newTicket, nowMs);
      return ok(present(made, 'the event of a ticket exists'));
    }
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}

const toFacts = ({ ticket, resale }: ResaleView) => ({
  barcode: ticket.barcode,
  valid: resale.valid,
  swappable: resale.swappable,
});

/** The ticket that this very request made before, unless its barcode has been retired since. */
async function findRepeated(
  deps: SwapDeps,
  { organizationId, successor }: Ticket,
  { contactId, nowMs }: { readonly contactId: string; readonly nowMs: number },
): Promise<ResaleView | undefined> {
  if (successor === undefined) return undefined;
  const made = await deps.swaps.find(organizationId, successor.barcode);
  if (made?.eventTicketId !== successor.eventTicketId || made.orderId === undefined) {
    return undefined;
  }
  if (made.standing !== 'ACTIVE' && made.standing !== 'BLOCKED') return undefined;
  const order = await deps.orders.load(organizationId, made.orderId);
  return order?.contactId === contactId ? toView(deps, made, nowMs) : undefined;
}

/** What the buyer pays in minor units, if it was told. */
function checkPrice(view: ResaleView, request: SwapRequest): Result<number | undefined> {
  const { event, organization, price } = view;
  const { currency } = event;
  if (request.price === undefined) return ok(undefined);
  const faults: Fault[] = [];
  if (request.currency !== undefined && request.currency !== currency) {
    faults.push({ pointer: '/ticket/currency', detail: `must be ${currency}` });
  }
  const amountMinor = parseDecimal(request.price, currency);
  if (amountMinor === undefined) {
    faults.push({ pointer: '/ticket/price', detail: `must be an amount in ${currency}` });
  }
  if (faults.length > 0 || amountMinor === undefined) {
    return refuse('validation_failed', { errors: faults });
  }
  const { capBasis } = organization.secureSwap;
  const maxMinor = toMaxPrice(price, { country: event.country, capBasis });
  if (amountMinor <= maxMinor) return ok(amountMinor);
  const maxPrice = toDecimal(maxMinor, currency);
  return refuse('resell_not_allowed', { facts: { ...toFacts(view), maxPrice } });
}

/** Ids of one block of a millisecond, which the swap claims; each further try takes another. */
function prepare(
  { ticket, order }: { readonly ticket: Ticket; readonly order: Order },
  { buyer, by, nowMs }: SwapRequest,
  more: {
    readonly contactId: string;
    readonly tries: number;
    readonly resalePriceMinor: number | undefined;
  },
): Swap {
  const { contactId, tries, resalePriceMinor } = more;
  const block = toTriedBlock(nowMs, tries);
  return toSwap({
    ticket,
    order,
    buyer: { ...buyer, contactId },
    ids: {
      orderId: toNumericId(block, 0),
      eventTicketId: toNumericId(block, 1),
      barcode: toNewBarcode(),
      transactionId: toNewId('transaction', nowMs),
    },
    history: { by, ...(resalePriceMinor === undefined ? {} : { resalePriceMinor }) },
    nowMs,
  });
}

function toContact({ newOrder }: Swap, { buyer, nowMs }: SwapRequest) {
  const { organizationId, orderId, contactId } = newOrder;
  const name = toPersonName(buyer);
  return {
    organizationId,
    contactId: present(contactId, 'the order of a swap has a contact'),
    email: buyer.email,
    ...(name === '' ? {} : { name }),
    source: `ord${orderId}`,
    row: 0,
    orderId,
    nowMs,
  };
}
