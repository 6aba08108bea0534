// A barcode as TicketSwap asks for it: the ticket with all that decides whether it may be resold, read at this moment.
// Nothing is cached: SecureSwap is on or off from the answer on that said so.
import { present } from '../../domain/assert.ts';
import { findBarcodeFault } from '../../domain/barcode.ts';
import type { Event, TicketType } from '../../domain/event.ts';
import type { Order } from '../../domain/orders/order.ts';
import { isRefundedInFull } from '../../domain/orders/totals.ts';
import type { Organization } from '../../domain/organization.ts';
import { isPending } from '../../domain/swaps/personalization.ts';
import type { OriginalPrice } from '../../domain/swaps/price-cap.ts';
import { toOriginalPrice } from '../../domain/swaps/swap.ts';
import { decideResale, type Resale } from '../../domain/swaps/resale.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { EventStore } from '../event-ports.ts';
import type { OrderStore } from '../order-ports.ts';
import type { OrganizationStore } from '../organization-ports.ts';
import type { SwapStore } from '../swap-ports.ts';

export interface ResaleDeps {
  readonly swaps: SwapStore;
  readonly events: EventStore;
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly orders: Pick<OrderStore, 'load'>;
}

export interface ResaleView {
  readonly ticket: Ticket;
  readonly event: Event;
  readonly type: TicketType;
  readonly organization: Organization;
  /** Not read for imported tickets: they are not swapped. */
  readonly order: Order | undefined;
  readonly price: OriginalPrice;
  readonly resale: Resale;
  readonly isPersonalizationPending: boolean;
}

/** Undefined for a barcode that the organization doesn't know. */
export async function loadResale(
  deps: ResaleDeps,
  ids: { readonly organizationId: string; readonly barcode: string },
  nowMs: number,
): Promise<ResaleView | undefined> {
  if (findBarcodeFault(ids.barcode) !== undefined) return undefined;
  const ticket = await deps.swaps.find(ids.organizationId, ids.barcode);
  return ticket && toView(deps, ticket, nowMs);
}

export async function toView(
  deps: ResaleDeps,
  ticket: Ticket,
  nowMs: number,
): Promise<ResaleView | undefined> {
  const { organizationId, eventId, ticketTypeId } = ticket;
  const [organization, found, type, order] = await Promise.all([
    deps.organizations.find(organizationId),
    deps.events.find(organizationId, eventId),
    deps.events.findTicketType(organizationId, ticketTypeId),
    loadOrder(deps, ticket),
  ]);
  if (organization === undefined || found === undefined) return undefined;
  const { event } = found;
  const { type: ticketType } = present(type, 'a ticket has a type');
  const isRefunded = order !== undefined && isRefundedInFull(order, ticket.eventTicketId);
  const facts = { ticket, event, organization, kind: ticketType.kind, isRefunded };
  return {
    ticket,
    event,
    type: ticketType,
    organization,
    order,
    price: toPrice({ ticket, type: ticketType, order }),
    resale: decideResale(facts, nowMs),
    isPersonalizationPending: await findPending(deps, ticket, event),
  };
}

async function loadOrder(
  { orders }: Pick<ResaleDeps, 'orders'>,
  { organizationId, orderId, origin }: Ticket,
): Promise<Order | undefined> {
  if (origin === 'IMPORTED' || orderId === undefined) return undefined;
  return orders.load(organizationId, orderId);
}

/** A retired barcode may know neither order nor price any more: then its type's price is told. */
function toPrice({
  ticket,
  type,
  order,
}: Pick<ResaleView, 'ticket' | 'type' | 'order'>): OriginalPrice {
  const line = order?.lines.find(({ eventTicketId }) => eventTicketId === ticket.eventTicketId);
  if (line !== undefined) return toOriginalPrice(line);
  return { priceMinor: ticket.priceMinor ?? type.priceMinor, feeMinor: 0 };
}

/** Only the new holder of a resold ticket is asked anything. */
async function findPending(
  { swaps }: Pick<ResaleDeps, 'swaps'>,
  { organizationId, eventTicketId, origin }: Ticket,
  { personalizationFields: fields = [] }: Event,
): Promise<boolean> {
  if (origin !== 'SWAP' || !isPending(fields, undefined)) return false;
  return isPending(fields, await swaps.loadAnswers(organizationId, eventTicketId));
}
