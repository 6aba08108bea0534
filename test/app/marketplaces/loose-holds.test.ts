// Holds that bind nobody: they stand in nobody's way, and what becomes of them doesn't depend on the order of messages.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAhead, toHoldStatus } from '../../../lib/domain/marketplaces/hold.ts';
import {
  noteHoldPlaced,
  noteHoldReleased,
  supersedeLooseHold,
} from '../../../lib/app/marketplaces/loose-holds.ts';
import type { Marketplace } from '../../../lib/domain/access.ts';
import { createChannelStore } from '../../../lib/table/channel-store.ts';
import { createHoldStore } from '../../../lib/table/hold-store.ts';
import { createListingStore } from '../../../lib/table/listing-store.ts';
import { createLooseHoldStore } from '../../../lib/table/loose-hold-store.ts';
import { runs } from '../../support/campaign.ts';
import { createFaultyClient } from '../../support/faulty-client.ts';
import { createHoldWorld, HOLD_MINUTES } from '../../support/hold-world.ts';

const world = await createHoldWorld();
const { calls, clock, organizationId } = world;
for (const marketplace of ['stubhub', 'vivid-seats']) {
  const body = { enabled: true, holdMinutes: HOLD_MINUTES };
  await world.organizers(`PUT /v1/channels/${marketplace}`, { key: world.key, body });
}
const event = await world.newEvent();
const { listingId } = await world.listSeats(event, 4, {
  channels: ['gametime', 'stubhub', 'vivid-seats'],
});

/** What a worker that takes notices does with them. */
function createNotices(bare: DynamoDBClient) {
  const access = { client: DynamoDBDocumentClient.from(bare), tableName: world.tableName };
  const toOutboxId = () => {
    throw new Error('nobody is told of a hold that binds nobody');
  };
  const deps = {
    holds: createHoldStore(access, toOutboxId),
    looseHolds: createLooseHoldStore(access),
    listings: createListingStore(access, toOutboxId),
    channels: createChannelStore(access),
  };
  const ids = (holdRequestId: string, marketplace: Marketplace = 'stubhub') => ({
    organizationId,
    marketplace,
    holdRequestId,
    nowMs: clock.nowMs,
  });
  return {
    placed: async (id: string, marketplace?: Marketplace, listing = listingId) =>
      noteHoldPlaced(deps, { ...ids(id, marketplace), listingId: listing, quantity: 3 }),
    released: async (id: string, marketplace?: Marketplace) =>
      noteHoldReleased(deps, ids(id, marketplace)),
    sold: async (id: string, marketplace?: Marketplace) => {
      const { holdRequestId: marketplaceOrderId, ...of } = ids(id, marketplace);
      await supersedeLooseHold(deps, { ...of, marketplaceOrderId, saleId: `sal_${id}` });
    },
    find: async (id: string, marketplace?: Marketplace) => deps.holds.find(ids(id, marketplace)),
  };
}
const notices = createNotices(world.bare);

describe('a hold that binds nobody', () => {
  it('takes nothing: others hold, sell and swap the tickets, and the door knows of nothing', async () => {
    const own = await world.newEvent();
    const { listingId: listing, tickets } = await world.listSeats(own, 3, {
      channels: ['gametime', 'stubhub'],
    });
    await notices.placed('a-1', 'stubhub', listing);
    await notices.placed('a-2', 'stubhub', listing);
    expect(await calls.ask(listing)).toMatchObject({ value: { availableQuantity: 3 } });
    const told = await world.organizers(`GET /v1/events/${own.eventId}`, { key: world.key });
    expect(told.body.held).toBe(0);
    expect(
      await calls.place({ holdRequestId: 'a-3', listingId: listing, quantity: 2 }),
    ).toMatchObject({ ok: true, value: { binding: true } });
    expect(await calls.invoice('a-3', 'order-a')).toMatchObject({ ok: true });
    expect(await world.scan(own, tickets[2]?.barcode ?? '')).toMatchObject({ outcome: 'ADMITTED' });
    expect(await notices.find('a-1')).toMatchObject({ status: 'HELD', binding: false });
  });

  it('writes nothing but itself, whatever is told of it', async () => {
    const others = async () => {
      const items = new Map<string, unknown>();
      const query = { TableName: world.tableName, ConsistentRead: true };
      for await (const { Items = [] } of paginateScan({ client: world.client }, query)) {
        for (const item of Items) {
          if (!String(item['pk']).startsWith('HLD#'))
            items.set(`${item['pk']} ${item['sk']}`, item);
        }
      }
      return items;
    };
    const before = await others();
    for (const message of ['placed', 'placed', 'released', 'sold', 'placed'] as const) {
      await notices[message]('w-1');
    }
    await notices.sold('w-2');
    await notices.placed('w-2');
    clock.nowMs += HOLD_MINUTES * 60_000;
    await notices.placed('w-3');
    clock.nowMs += HOLD_MINUTES * 60_000;
    await calls.expire();
    expect(await notices.find('w-3')).toMatchObject({ status: 'EXPIRED' });
    expect(await others()).toEqual(before);
  });

  it('is over at its time, and is swept once', async () => {
    await notices.placed('b-1');
    clock.nowMs += HOLD_MINUTES * 60_000;
    const hold = await notices.find('b-1');
    expect(hold && !isAhead(hold) && toHoldStatus(hold, clock.nowMs)).toBe('EXPIRED');
    await calls.expire();
    expect(await notices.find('b-1')).toMatchObject({ status: 'EXPIRED' });
    expect(await calls.expire()).toBe(0);
    await notices.released('b-1');
    await notices.placed('b-1');
    expect(await notices.find('b-1')).toMatchObject({ status: 'EXPIRED' });
  });

  it('ends by its sale even when it was over or released, and the first sale stays', async () => {
    await notices.placed('c-1');
    clock.nowMs += HOLD_MINUTES * 60_000;
    await notices.released('c-1');
    await notices.sold('c-1');
    const sold = await notices.find('c-1');
    expect(sold).toMatchObject({ status: 'INVOICED', sale: { saleId: 'sal_c-1' } });
    await notices.sold('c-1');
    await notices.released('c-1');
    await notices.placed('c-1');
    expect(await notices.find('c-1')).toEqual(sold);
  });

  it('is none at a marketplace whose holds bind, and its sale ends none of theirs', async () => {
    const { listingId: listing } = await world.listSeats(event, 1);
    await calls.place({ holdRequestId: 'd-1', listingId: listing });
    await notices.placed('d-2', 'gametime');
    await notices.released('d-1', 'gametime');
    await notices.sold('d-1', 'gametime');
    expect(await notices.find('d-1', 'gametime')).toMatchObject({ status: 'HELD', binding: true });
    expect(await notices.find('d-2', 'gametime')).toBeUndefined();
  });

  it('is none of a listing that isn’t offered at its marketplace', async () => {
    await notices.placed('e-1', 'seatgeek');
    await notices.placed('e-2', 'stubhub', 'lst_unknown');
    expect(await notices.find('e-1', 'seatgeek')).toBeUndefined();
    expect(await notices.find('e-2')).toBeUndefined();
  });
});

const MESSAGES = ['placed', 'placed', 'released', 'released', 'sold', 'sold'] as const;
type Message = (typeof MESSAGES)[number];
const FAULTS = { conflict: 0.1, throttle: 0.05, lostReply: 0.15 };

/** In any order and number, and several at once. */
const deliveries = fc
  .shuffledSubarray([...MESSAGES], { minLength: 1 })
  .chain((messages) =>
    fc.tuple(
      fc.constant<readonly Message[]>(messages),
      fc.array(fc.boolean(), { minLength: messages.length, maxLength: messages.length }),
    ),
  );

function toEnd(messages: readonly Message[]) {
  if (!messages.includes('placed')) return undefined;
  if (messages.includes('sold')) return 'INVOICED';
  return messages.includes('released') ? 'RELEASED' : 'HELD';
}

describe('messages about a hold that binds nobody', () => {
  it('come to the same end in any order, repeated and at once, over a table that fails', async () => {
    const { client, counts } = createFaultyClient(FAULTS, 11);
    const faulty = createNotices(client);
    let lives = 0;
    await fc.assert(
      fc.asyncProperty(deliveries, async ([messages, waits]) => {
        const id = `life-${(lives += 1)}`;
        const deliver = async (message: Message): Promise<void> => {
          // A worker that fails gets its message again.
          for (;;) {
            try {
              await faulty[message](id);
              return;
            } catch {}
          }
        };
        const underWay: Promise<void>[] = [];
        for (const [at, message] of messages.entries()) {
          const sent = deliver(message);
          underWay.push(sent);
          if (waits[at] === true) await sent;
        }
        await Promise.all(underWay);
        const hold = await notices.find(id);
        const end = hold === undefined || isAhead(hold) ? undefined : hold.status;
        expect(end).toBe(toEnd(messages));
        const sale = messages.includes('sold') ? { saleId: `sal_${id}` } : undefined;
        if (end !== undefined) expect(hold?.sale?.saleId).toBe(sale?.saleId);
      }),
      { numRuns: runs(20, 3_000) },
    );
    expect(counts.lostReplies).toBeGreaterThan(0);
  });
});
