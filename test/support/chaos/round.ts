// One round: listings that are offered everywhere, buyers at all marketplaces who want more of some than there is, and all
// that their marketplaces tell of it, repeated, late, in any order, or never.
import type { Marketplace } from '../../../lib/domain/access.ts';
import { type Chaos, HOLDERS, SELLERS } from './chaos.ts';
import type { Result } from '../../../lib/domain/result.ts';
import { runs } from '../campaign.ts';
import { type Event, toDelivery } from './deliveries.ts';
import { type Booked, NATIVE } from './stand-ins.ts';

const LISTINGS = runs(2, 10);
const CANCELED = 0.25;
const HELD_FIRST = 0.3;
const COPIES_MAX = runs(3, 16);
/** Sellers that offer a listing, one of whom only watches. */
const SELLERS_EACH = 5;
/** Of what can be polled, so much is never told. */
const DROPPED = 0.15;

/** Nothing is sold after an event's end. */
const YEAR_MS = 365 * 86_400_000;

type Seller = (typeof SELLERS)[number];

export interface Offer {
  readonly listingId: string;
  readonly ticketIds: readonly number[];
  /** Lists it, and sells none. */
  readonly watching: Seller | undefined;
  readonly sellers: readonly Seller[];
  readonly holder: (typeof HOLDERS)[number];
  /** All sales of a listing want as many, so that their order makes no difference to how many get some. */
  readonly quantity: number;
  readonly sales: Booked[];
  /** Orders of holds that were invoiced. */
  readonly invoiced: string[];
  /** Sold by a marketplace of holds without one. */
  readonly unheld: string[];
}

let orders = 1_000;
let notes = 0;

export async function playRound(chaos: Chaos): Promise<readonly Offer[]> {
  const { world, standIns, queues } = chaos;
  standIns.forget();
  world.clock.nowMs += 60_000;
  const endsAt = new Date(world.clock.nowMs + YEAR_MS).toISOString();
  const event = await world.newEvent({ endsAt });
  const offers: Offer[] = [];
  for (let at = 0; at < LISTINGS; at += 1) offers.push(await offer(chaos, event));
  const acts: Act[] = [];
  for (const one of offers) startActs(chaos, one, acts);
  while (acts.length > 0) {
    // Some at a time, so that what is told and what is done about it overlap.
    const some = Array.from({ length: 24 }, () => takeAny(chaos, acts)).flatMap((act) => act ?? []);
    await Promise.all(some.map(async (act) => act()));
    world.clock.nowMs += 1 + Math.floor(chaos.random() * 50);
    if (chaos.random() < 0.5) await chaos.drain();
  }
  await chaos.settle();
  await reconcile(chaos, offers);
  chaos.passDeadline();
  await chaos.settle();
  if (queues.counts.handled === 0) throw new Error('nothing happened');
  return offers;
}

function takeAny<T>({ random }: Chaos, all: T[]): T | undefined {
  const [taken] = all.splice(Math.floor(random() * all.length), 1);
  return taken;
}

async function offer(
  { world, random, pick }: Chaos,
  event: Parameters<Chaos['world']['listSeats']>[0],
): Promise<Offer> {
  const quantity = 1 + Math.floor(random() * 2);
  const size = quantity * (2 + Math.floor(random() * 6));
  const first = Math.floor(random() * SELLERS.length);
  const around = [...SELLERS, ...SELLERS].slice(first, first + SELLERS_EACH);
  const [watching, ...sellers] = around;
  const holder = pick(HOLDERS);
  const channels = [...around, holder];
  const { tickets, listingId } = await world.listSeats(event, size, { channels });
  const ticketIds = tickets.map(({ eventTicketId }) => eventTicketId);
  const own = { listingId, ticketIds, quantity, watching, sellers, holder };
  return { ...own, sales: [], invoiced: [], unheld: [] };
}

type Act = () => Promise<void>;

/** Of one listing: fewer sales than it has tickets for, or up to half as many more. */
function startActs(chaos: Chaos, one: Offer, acts: Act[]): void {
  const { random } = chaos;
  const room = one.ticketIds.length / one.quantity;
  const wanted = Math.ceil(room * (0.6 + random() * 0.9));
  for (let at = 0; at < wanted; at += 1) {
    const isHolder = random() < 0.15;
    acts.push(async () => (isHolder ? hold(chaos, one) : sellAt(chaos, one, acts)));
  }
}

/** A marketplace sells, and what it tells of it comes into the stream of acts. */
async function sellAt(chaos: Chaos, one: Offer, acts: Act[]): Promise<void> {
  const { random, pick, standIns } = chaos;
  orders += 1;
  const sale = standIns.book({
    marketplace: pick(one.sellers),
    orderId: String(orders),
    listingId: one.listingId,
    quantity: one.quantity,
    stand: 'UNDER_REVIEW',
  });
  one.sales.push(sale);
  const isHeld = random() < HELD_FIRST;
  if (isHeld) acts.push(...tell(chaos, sale, 'placed'));
  acts.push(async () => {
    sale.stand = 'OPEN';
    acts.push(...tell(chaos, sale, 'created'));
    if (isHeld && random() < 0.5) acts.push(...tell(chaos, sale, 'released'));
    if (random() < CANCELED) {
      acts.push(async () => {
        sale.stand = 'CANCELED';
        acts.push(...tell(chaos, sale, 'canceled'));
      });
    }
  });
}

/** Its copies, each an act of its own. */
function tell(chaos: Chaos, sale: Booked, event: Event): Act[] {
  const { random } = chaos;
  notes += 1;
  const delivery = toDelivery(sale, event, `n${notes}`);
  const isPolled = (NATIVE as readonly Marketplace[]).includes(sale.marketplace);
  if (delivery === undefined || (isPolled && random() < DROPPED)) return [];
  const copies = 1 + Math.floor(random() * COPIES_MAX);
  return Array.from({ length: copies }, () => async () => chaos.deliver(delivery));
}

/** A marketplace of holds: each of its calls is made until it is answered, and now and then twice. */
async function hold(chaos: Chaos, one: Offer): Promise<void> {
  const { calls, random, counts, standIns } = chaos;
  orders += 1;
  const [marketplace, id] = [one.holder, `h${orders}`];
  const again = async <T>(call: () => Promise<Result<T>>): Promise<Result<T>> => {
    for (;;) {
      counts.messages += 1;
      try {
        const answer = await call();
        const isDecided = answer.ok || answer.refusal.code !== 'unavailable';
        if (isDecided && random() < 0.8) return answer;
      } catch {
        // Nobody heard the answer.
      }
    }
  };
  if (marketplace === 'tickpick' && random() < 0.2) {
    const sale = { marketplace, orderId: id, listingId: one.listingId, quantity: one.quantity };
    const booked = standIns.book({ ...sale, stand: 'OPEN' });
    one.unheld.push(id);
    await Promise.all(tell(chaos, booked, 'created').map(async (act) => act()));
    return;
  }
  const asked = { marketplace, holdRequestId: id, listingId: one.listingId };
  if (random() < 0.1) await again(async () => calls.release(id, marketplace));
  const placed = await again(async () => calls.place({ ...asked, quantity: one.quantity }));
  if (!placed.ok) return;
  if (random() < 0.4) {
    await again(async () => calls.release(id, marketplace));
    return;
  }
  const sold = await again(async () => calls.invoice(id, `o${id}`, { marketplace }));
  if (!sold.ok) throw new Error(`a hold that was not sold: ${sold.refusal.code}`);
  one.invoiced.push(`o${id}`);
}

/** What the schedule of each channel does: every sale that can be read is. */
async function reconcile(chaos: Chaos, offers: readonly Offer[]): Promise<void> {
  for (const { marketplace, orderId } of offers.flatMap(({ sales }) => sales)) {
    if ((NATIVE as readonly Marketplace[]).includes(marketplace)) chaos.look(marketplace, orderId);
  }
  await chaos.settle();
}
