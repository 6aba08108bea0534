// Prepares what a sale does to tickets and orders: reads the orders that the tickets leave, and makes the buyer's.
import { toContactId } from '../../domain/contact.ts';
import { ID_BLOCK_SIZE, toNumericId } from '../../domain/ids.ts';
import type { Hold } from '../../domain/marketplaces/hold.ts';
import { type Move, type MoveFacts, toMove } from '../../domain/marketplaces/move.ts';
import { PROFILES } from '../../domain/marketplaces/registry.ts';
import type { MarketplaceSale, StoredSale } from '../../domain/marketplaces/sale.ts';
import type { Order } from '../../domain/orders/order.ts';
import { type Person, toPersonName } from '../../domain/orders/sale.ts';
import { findOpenLine } from '../../domain/swaps/swap.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { toNewId, toTriedBlock } from '../ids.ts';
import type { NewMove } from '../marketplace-ports.ts';
import type { OrderStore } from '../order-ports.ts';

export interface MoveWish {
  readonly hold?: Hold;
  readonly saleBefore: StoredSale | undefined;
  /** The sale as it becomes, but for its order. */
  readonly sale: MarketplaceSale;
  readonly offer: MoveFacts['offer'];
  readonly tickets: readonly Ticket[];
  readonly orders: readonly Order[];
  readonly buyer: Person;
  /** Id of the key, channel or schedule whose doing it is, for the tickets' history. */
  readonly by: string;
  /** The organization's, for the contact's id. */
  readonly secret: string;
  /** How often it was tried before: somebody else may own a block of ids. */
  readonly tries: number;
  readonly nowMs: number;
}

export function prepareMove(wish: MoveWish): NewMove {
  const { hold, sale, nowMs } = wish;
  const buyer = toReachable(wish.buyer);
  const block = toTriedBlock(nowMs, wish.tries);
  // Any place of the own block will do; this one spreads orders over the shards of the event's list.
  const orderId = toNumericId(block, block % ID_BLOCK_SIZE);
  const contactId = buyer.email === undefined ? undefined : toContactId(buyer.email, wish.secret);
  const move = toMove({
    ...wish,
    hold,
    sale: { ...sale, ...toSeats(wish), orderId },
    orderId,
    paymentType: PROFILES[sale.marketplace].name,
    buyer: { ...buyer, ...(contactId === undefined ? {} : { contactId }) },
    transactionId: toNewId('transaction', nowMs),
  });
  return { move, buyer: toContact(move, buyer, nowMs), nowMs };
}

/** The longest address (RFC 5321). */
const EMAIL_CHARACTERS_MAX = 254;
const EMAIL = /^[^\s@\p{Cc}]+@[^\s@\p{Cc}]+\.[^\s@\p{Cc}]+$/u;

/** A marketplace may send anything as an address: what can't be one is left out. */
function toReachable({ email: told = '', ...person }: Person): Person {
  const email = told.trim();
  const isEmail = email.length <= EMAIL_CHARACTERS_MAX && EMAIL.test(email);
  return isEmail ? { ...person, email } : person;
}

/** As the tickets have them. */
function toSeats({ tickets }: MoveWish): Pick<MarketplaceSale, 'seats'> {
  const seats = tickets.flatMap(({ seat }) => seat ?? []);
  return seats.length === 0 ? {} : { seats };
}

function toContact({ newOrder }: Move, buyer: Person, nowMs: number) {
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

/** The orders of the tickets, each once; undefined when one says already that a ticket is no longer its own. */
export async function loadLeftOrders(
  { orders }: { readonly orders: Pick<OrderStore, 'load'> },
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
