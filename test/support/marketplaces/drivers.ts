// How each marketplace works with a channel: its settings, and how it tells of a sale and of its end.
import { createHmac } from 'node:crypto';
import type { Marketplace } from '../../../lib/domain/access.ts';
import type { Reply } from '../api.ts';
import { signStandard, WEBHOOK_SECRET } from '../hook-world.ts';
import { startCanonical } from './canonical.ts';
import { startGametime, toGametimeDelivery } from './gametime.ts';
import type { IonWorld } from './ion-world.ts';
import { startSeatgeek, toSeatgeekDelivery } from './seatgeek.ts';
import type { Booked, Delivery, StandIn } from './stand-in.ts';
import { startStubhub, toStubhubDelivery } from './stubhub.ts';
import { startTicketEvolution, toTicketEvolutionDelivery } from './ticket-evolution.ts';
import { startVividSeats } from './vivid-seats.ts';

const STATIC = 'Bearer what the marketplace was given';
const BODY_SECRET = 'secret of the body at TicketNetwork';

export interface Driver {
  readonly marketplace: Marketplace;
  readonly standIn: StandIn;
  /** Undefined where nothing is told of it: it is found when the marketplace is asked. */
  readonly tellSale?: (sale: Booked) => Promise<Reply>;
  readonly tellCancel?: (sale: Booked) => Promise<Reply>;
  /** The same call, whose proof is wrong. */
  readonly tellFalsely?: (sale: Booked) => Promise<Reply>;
  readonly tellHold?: (sale: Booked) => Promise<Reply>;
  readonly tellHoldOver?: (sale: Booked) => Promise<Reply>;
}

type Start = (world: IonWorld) => Promise<Driver>;
/** How often each notice was sent. */
const attempts = new Map<string, number>();

/** A call at the channel's address. */
const toCall =
  (world: IonWorld, channelId: string, path: `/${string}`) =>
  async (
    { text, headers }: Delivery,
    change: Readonly<Record<string, string>> = {},
  ): Promise<Reply> =>
    world.hooks(`POST /hooks/${channelId}${path}`, { text, headers: { ...headers, ...change } });

const WRONG = { authorization: 'Bearer something else' };

const stubhub: Start = async (world) => {
  const standIn = await startStubhub(() => world.clock.nowMs);
  const channelId = await world.open('stubhub', {
    auth: { mode: 'authorization', value: STATIC },
    outbound: standIn.outbound,
  });
  const call = toCall(world, channelId, '/stubhub/webhooks');
  const tell = (topic: string) => async (sale: Booked) =>
    call(toStubhubDelivery(topic, sale, STATIC));
  return {
    marketplace: 'stubhub',
    standIn,
    tellSale: tell('Sales'),
    tellCancel: tell('SaleUpdates'),
    tellFalsely: async (sale) => call(toStubhubDelivery('Sales', sale, STATIC), WRONG),
    tellHold: tell('ProvisionalSale'),
    tellHoldOver: tell('CancelProvisionalSale'),
  };
};

const vividSeats: Start = async (world) => {
  const standIn = await startVividSeats(() => world.clock.nowMs);
  await world.open('vivid-seats', { outbound: standIn.outbound });
  return { marketplace: 'vivid-seats', standIn };
};

const seatgeek: Start = async (world) => {
  const standIn = await startSeatgeek(() => world.clock.nowMs);
  const channelId = await world.open('seatgeek', {
    auth: { mode: 'authorization', value: STATIC },
    outbound: standIn.outbound,
  });
  const call = toCall(world, channelId, '/seatgeek/webhooks');
  return {
    marketplace: 'seatgeek',
    standIn,
    tellSale: async (sale) => call(toSeatgeekDelivery('order.created', [sale], STATIC)),
    tellCancel: async (sale) => call(toSeatgeekDelivery('order.broken', [sale], STATIC)),
    tellFalsely: async (sale) => call(toSeatgeekDelivery('order.created', [sale], STATIC), WRONG),
  };
};

const gametime: Start = async (world) => {
  const standIn = await startGametime(() => world.clock.nowMs);
  const channelId = await world.open('gametime', {
    auth: { mode: 'authorization', value: STATIC, flow: 'classic' },
    outbound: standIn.outbound,
  });
  const call = toCall(world, channelId, '/gametime/purchases');
  return {
    marketplace: 'gametime',
    standIn,
    tellSale: async (sale) => call(toGametimeDelivery(sale, STATIC)),
    tellFalsely: async (sale) => call(toGametimeDelivery(sale, STATIC), WRONG),
  };
};

const ticketEvolution: Start = async (world) => {
  const standIn = await startTicketEvolution(() => world.clock.nowMs);
  const channelId = await world.open('ticket-evolution', {
    auth: { mode: 'authorization', value: STATIC, flow: 'classic' },
    outbound: standIn.outbound,
  });
  const call = toCall(world, channelId, '/ticket-evolution/notifications');
  const shown = { authorization: STATIC };
  return {
    marketplace: 'ticket-evolution',
    standIn,
    tellSale: async (sale) => call(toTicketEvolutionDelivery('order_created', sale, shown)),
    tellCancel: async (sale) => call(toTicketEvolutionDelivery('order_canceled', sale, shown)),
    tellFalsely: async (sale) => call(toTicketEvolutionDelivery('order_created', sale, WRONG)),
  };
};

/** The same id whenever the same is told of the same sale. */
const toCanonical = (type: string, orderId: string, data: object) => {
  const id = `${type}-${orderId}`;
  attempts.set(id, (attempts.get(id) ?? 0) + 1);
  return { id, type, data };
};
const toSaleData = ({ orderId, listingId, quantity }: Booked) => ({
  marketplaceOrderId: orderId,
  listingId,
  quantity,
});
const toHoldData = ({ orderId, listingId, quantity }: Booked) => ({
  holdRequestId: orderId,
  listingId,
  quantity,
});

/** All that the canonical protocol tells, by whatever way a notice goes. */
const tellCanonically = (
  tell: (notice: ReturnType<typeof toCanonical>, isFalse?: boolean) => Promise<Reply>,
): Omit<Driver, 'marketplace' | 'standIn'> => ({
  tellSale: async (sale) => tell(toCanonical('sale.created', sale.orderId, toSaleData(sale))),
  tellCancel: async ({ orderId }) =>
    tell(toCanonical('sale.canceled', orderId, { marketplaceOrderId: orderId })),
  tellFalsely: async (sale) =>
    tell(toCanonical('sale.created', sale.orderId, toSaleData(sale)), true),
  tellHold: async (sale) => tell(toCanonical('hold.placed', sale.orderId, toHoldData(sale))),
  tellHoldOver: async ({ orderId }) =>
    tell(toCanonical('hold.released', orderId, { holdRequestId: orderId })),
});

/** By a key of ours. */
const axs: Start = async (world) => {
  const standIn = await startCanonical(() => world.clock.nowMs);
  await world.open('axs', { outbound: standIn.outbound });
  const key = await world.newKey('axs');
  return {
    marketplace: 'axs',
    standIn,
    ...tellCanonically(async (body, isFalse) =>
      world.marketplaces('POST /v1/marketplaces/axs/notifications', {
        key: isFalse === true ? `${key.slice(0, -1)}!` : key,
        body,
      }),
    ),
  };
};

/** By Standard Webhooks. */
const fanxchange: Start = async (world) => {
  const standIn = await startCanonical(() => world.clock.nowMs);
  const channelId = await world.open('fanxchange', {
    auth: { mode: 'standardWebhooks', secrets: [WEBHOOK_SECRET] },
    outbound: standIn.outbound,
  });
  const wrong = signStandard(`whsec_${'X'.repeat(32)}`);
  return {
    marketplace: 'fanxchange',
    standIn,
    ...tellCanonically(async (body, isFalse) =>
      world.call(
        channelId,
        { method: 'POST', path: '/notifications', body },
        isFalse === true ? wrong : signStandard(),
      ),
    ),
  };
};

/** By a fixed Authorization value: believed, because there is nothing to read back by. */
const ticketmaster: Start = async (world) => {
  const standIn = await startCanonical(() => world.clock.nowMs);
  const channelId = await world.open('ticketmaster', {
    auth: { mode: 'authorization', value: STATIC },
    outbound: standIn.outbound,
  });
  return {
    marketplace: 'ticketmaster',
    standIn,
    ...tellCanonically(async (body, isFalse) =>
      world.call(channelId, { method: 'POST', path: '/notifications', body }, () =>
        isFalse === true ? WRONG : { authorization: STATIC },
      ),
    ),
  };
};

/** In the body of the library that it names, signed as a whole. */
const ticketnetwork: Start = async (world) => {
  const standIn = await startCanonical(() => world.clock.nowMs);
  const channelId = await world.open('ticketnetwork', {
    auth: { mode: 'bodyHmac', secret: BODY_SECRET },
    outbound: standIn.outbound,
  });
  const toPascal = (data: object) =>
    Object.fromEntries(
      Object.entries(data).map(([name, value]) => [
        name.charAt(0).toUpperCase() + name.slice(1),
        value,
      ]),
    );
  return {
    marketplace: 'ticketnetwork',
    standIn,
    ...tellCanonically(async ({ id, type, data }, isFalse) => {
      const text = JSON.stringify({
        Id: id,
        Attempt: attempts.get(id),
        Properties: {},
        Notifications: [{ Action: type, ...toPascal(data) }],
      });
      const secret = isFalse === true ? 'wrong' : BODY_SECRET;
      const digest = createHmac('sha256', secret).update(text).digest('hex');
      return toCall(
        world,
        channelId,
        '/ticketnetwork/webhooks',
      )({
        text,
        headers: { 'ms-signature': `sha256=${digest}` },
      });
    }),
  };
};

export const DRIVERS = {
  stubhub,
  'vivid-seats': vividSeats,
  seatgeek,
  gametime,
  'ticket-evolution': ticketEvolution,
  axs,
  fanxchange,
  ticketmaster,
  ticketnetwork,
} as const;
