// Deliveries worked off from the queue: kept as they came in, read, and applied notice by notice.
import { createHash } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { payloadKey } from '../../lib/table/channel-keys.ts';
import { createNoticeWorkerWorld } from '../support/notice-worker-world.ts';

const world = await createNoticeWorkerWorld();
const { organizationId, sealer, theirs, work, aMessage } = world;
const toDigest = (text: string): string => createHash('sha256').update(text).digest('hex');
const CREATED = {
  id: 'n1',
  type: 'sale.created',
  occurredAt: '2026-06-01T20:00:00Z',
  data: {
    marketplaceOrderId: 'AXS-1',
    listingId: 'lst_1',
    quantity: 2,
    seats: ['A1', 'A2'],
    unitPrice: { amountMinor: 4000, currency: 'EUR' },
    buyer: { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com', phone: '+44' },
    confirmBy: '2026-06-01T21:00:00+01:00',
  },
};

describe('a canonical notice', () => {
  it('is applied in the words of the sale, with the digest of what came in', async () => {
    const text = JSON.stringify(CREATED);
    const { applied: all } = await work(await aMessage(text));
    expect(all).toEqual([
      {
        organizationId,
        marketplace: 'axs',
        receivedAtMs: world.clock.nowMs,
        payloadDigest: toDigest(text),
        notice: {
          noticeId: 'n1',
          type: 'sale.created',
          marketplaceOrderId: 'AXS-1',
          listingId: 'lst_1',
          quantity: 2,
          seats: ['A1', 'A2'],
          unitPriceMinor: 4000,
          currency: 'EUR',
          buyer: { name: 'Ada Lovelace', email: 'ada@example.com', phone: '+44' },
          confirmByMs: Date.UTC(2026, 5, 1, 20),
        },
      },
    ]);
  });

  it.each([
    [{ type: 'sale.canceled', data: { marketplaceOrderId: 'o', listingId: 'l' } }],
    [{ type: 'hold.placed', data: { holdRequestId: 'h', listingId: 'l', quantity: 1 } }],
    [{ type: 'hold.released', data: { holdRequestId: 'h', quantity: 3 } }],
  ])('of another type says what that needs: %o', async ({ type, data }) => {
    const { told } = await work(await aMessage({ id: 'n2', type, data }));
    const { marketplaceOrderId, holdRequestId } = data as Record<string, unknown>;
    expect(told).toEqual([
      {
        noticeId: 'n2',
        type,
        ...(marketplaceOrderId === undefined ? {} : { marketplaceOrderId }),
        ...(holdRequestId === undefined ? {} : { holdRequestId }),
        ...(type === 'hold.placed' ? { listingId: 'l', quantity: 1 } : {}),
      },
    ]);
  });

  describe('shown by a fixed Authorization value', () => {
    const open = async () =>
      world.open('tickpick', { auth: { mode: 'authorization', value: 'Bearer a fixed value' } });
    const tell = async () => work(await aMessage(CREATED, { marketplace: 'tickpick' }));

    it('only points at its sale where that can be read, also when the marketplace knows none', async () => {
      await open();
      for (const read of ['unknown', { stand: 'OPEN', sale: CREATED.data } as never] as const) {
        theirs.read = async () => read;
        const { told } = await tell();
        expect(told).toEqual([{ noticeId: 'n1', type: 'sale.told', marketplaceOrderId: 'AXS-1' }]);
      }
    });

    it('waits for another try while the marketplace does not answer', async () => {
      await open();
      theirs.read = async () => {
        throw new Error('no answer');
      };
      expect(await tell()).toMatchObject({ failed: [0], told: [] });
    });

    it('is believed where the channel has no calls to read by', async () => {
      await open();
      theirs.read = async () => 'unable';
      expect((await tell()).told).toMatchObject([{ type: 'sale.created' }]);
    });
  });
});

describe('a notice in a marketplace’s own words', () => {
  it('points at each of its sales, in order', async () => {
    const body = {
      data: [
        { id: 'm1', type: 'order.created', order_id: 'SG-1' },
        { id: 'm2', type: 'order.broken', order_id: 'SG-2' },
      ],
    };
    const { told } = await work(
      await aMessage(body, { marketplace: 'seatgeek', format: 'native' }),
    );
    expect(told).toEqual([
      { noticeId: 'm1', type: 'sale.told', marketplaceOrderId: 'SG-1' },
      { noticeId: 'm2', type: 'sale.told', marketplaceOrderId: 'SG-2' },
    ]);
  });

  it('of TicketNetwork says all, several in one', async () => {
    const Notifications = [
      {
        Action: 'sale.created',
        MarketplaceOrderId: 5,
        ListingId: 'lst_1',
        Quantity: 1,
        Seats: ['A1'],
        ConfirmBy: '2026-06-01T20:00:00Z',
      },
      { Action: 'delivery.updated' },
      { Action: 'sale.canceled', MarketplaceOrderId: '6' },
      { Action: 'hold.placed', HoldRequestId: 'h', ListingId: 'lst_1', Quantity: 2 },
      { Action: 'hold.released', HoldRequestId: 'h' },
    ];
    const message = await aMessage(
      { Id: 'a1', Attempt: 2, Notifications },
      { marketplace: 'ticketnetwork', format: 'native' },
    );
    expect((await work(message)).told).toEqual([
      {
        noticeId: 'a1 0',
        type: 'sale.created',
        marketplaceOrderId: '5',
        listingId: 'lst_1',
        quantity: 1,
        seats: ['A1'],
        confirmByMs: Date.UTC(2026, 5, 1, 20),
      },
      { noticeId: 'a1 2', type: 'sale.canceled', marketplaceOrderId: '6' },
      {
        noticeId: 'a1 3',
        type: 'hold.placed',
        holdRequestId: 'h',
        listingId: 'lst_1',
        quantity: 2,
      },
      { noticeId: 'a1 4', type: 'hold.released', holdRequestId: 'h' },
    ]);
  });

  it('keeps none of the others when one of them fails, and comes back', async () => {
    theirs.fails = ({ noticeId }) => noticeId === 'm1';
    const body = {
      data: [
        { id: 'm1', type: 'order.created', order_id: 'SG-1' },
        { id: 'm2', type: 'order.created', order_id: 'SG-2' },
      ],
    };
    const message = await aMessage(body, { marketplace: 'seatgeek', format: 'native' });
    const first = await work(message);
    theirs.fails = () => false;
    expect(first).toMatchObject({ failed: [0], told: [{ noticeId: 'm2' }] });
    expect(await work(message)).toMatchObject({ failed: [], told: [{ noticeId: 'm1' }, {}] });
  });
});

describe('what came in', () => {
  const read = async (text: string) => {
    const Key = payloadKey(organizationId, toDigest(text));
    const { Item } = await world.client.send(
      new GetCommand({ TableName: world.tableName, Key, ConsistentRead: true }),
    );
    return Item ?? {};
  };

  it('is kept byte for byte under its digest, sealed, for 30 days from the first time on', async () => {
    const text = `${JSON.stringify({ ...CREATED, id: 'kept' })}  `;
    const firstMs = world.clock.nowMs;
    await work(await aMessage(text));
    const kept = await read(text);
    expect(JSON.stringify(kept)).not.toMatch(/lovelace/i);
    expect(await sealer.open(organizationId, String(kept['sealed']))).toBe(text);
    expect(kept['ttl']).toBe(Math.ceil(firstMs / 1_000) + 30 * 86_400);
    world.clock.nowMs += 86_400_000;
    await work(await aMessage(text));
    expect(await read(text)).toEqual(kept);
  });

  it('is kept as well when nobody can read it', async () => {
    const text = 'a delivery of another time';
    expect(await work(await aMessage(text))).toMatchObject({ failed: [0] });
    expect(await sealer.open(organizationId, String((await read(text))['sealed']))).toBe(text);
  });
});

describe('a batch', () => {
  it('gives back what is malformed, and does the rest', async () => {
    const other = (await world.newOrganization()).organizationId;
    const { failed, told } = await work(
      'not JSON',
      { type: 'mail.order' },
      await aMessage({ id: 'n', type: 'sale.moved', data: {} }),
      // Somebody else's seal.
      await aMessage(CREATED, { organizationId: other }),
      await aMessage('<xml/>', { marketplace: 'stubhub', format: 'native' }),
      await aMessage({}, { marketplace: 'axs', format: 'native' }),
      await aMessage(CREATED),
    );
    expect(failed).toEqual([0, 1, 2, 3, 4, 5]);
    expect(told).toMatchObject([{ noticeId: 'n1' }]);
  });
});

describe('a sale that has to be looked at', () => {
  it('is read from its marketplace, as if that had told of it', async () => {
    const ids = { organizationId, marketplace: 'axs', marketplaceOrderId: 'AXS-7' };
    const { applied: all } = await work({ type: 'sale.look', ...ids, askedAtMs: 5 });
    expect(all).toMatchObject([
      {
        organizationId,
        marketplace: 'axs',
        receivedAtMs: 5,
        notice: { type: 'sale.told', marketplaceOrderId: 'AXS-7' },
      },
    ]);
  });
});
