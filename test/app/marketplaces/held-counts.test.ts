// What of an event and its types is held, and that counting it lets no hold wait for another one.
import { describe, expect, it } from 'vitest';
import type { TransactWriteItemsCommandInput } from '@aws-sdk/client-dynamodb';

import { createHoldWorld, createMarketplaceCalls, HOLD_MINUTES } from '../../support/hold-world.ts';
import { createLeanClient } from '../../support/lean-client.ts';

const world = await createHoldWorld();
const { calls, clock, organizers, key } = world;
const HOLD_MS = HOLD_MINUTES * 60_000;

const read = async (path: `/${string}`) => (await organizers(`GET ${path}`, { key })).body;

describe('the number of held tickets', () => {
  it('is told of the event and of each type, from the hold until it is resolved', async () => {
    const event = await world.newEvent();
    const otherId = await world.newType(event.eventId);
    const held = async () => {
      const types = await read(`/v1/events/${event.eventId}/ticket-types`);
      const listed = await read('/v1/events');
      const { eventId } = event;
      return {
        event: (await read(`/v1/events/${eventId}`)).held,
        inList: listed.items.find((each: { eventId: string }) => each.eventId === eventId).held,
        own: (await read(`/v1/ticket-types/${event.typeId}`)).held,
        types: types.items.map((type: { held: number }) => type.held),
      };
    };
    const own = await world.importSeats(event, 2);
    const others = await world.importSeats(event, 2, { ticketTypeId: otherId });
    const ids = [...own, ...others].map(({ eventTicketId }) => eventTicketId);
    const listed = await calls.list(ids);
    const listingId = listed.ok ? listed.value.listing.listingId : '';
    await calls.place({ holdRequestId: 'a-1', listingId, quantity: 3 });
    expect(await held()).toEqual({ event: 3, inList: 3, own: 2, types: [2, 1] });
    await calls.place({ holdRequestId: 'a-2', listingId });
    await calls.invoice('a-2', 'order-a-2');
    expect(await held()).toEqual({ event: 3, inList: 3, own: 2, types: [2, 1] });
    clock.nowMs += HOLD_MS / 2;
    await calls.extend('a-1', clock.nowMs + HOLD_MS);
    clock.nowMs += HOLD_MS / 2;
    expect((await held()).event).toBe(3);
    await calls.release('a-1');
    expect(await held()).toEqual({ event: 0, inList: 0, own: 0, types: [0, 0] });
  });

  it('falls at the moment when a hold is over, before anything cleans up', async () => {
    const event = await world.newEvent();
    const { listingId } = await world.listSeats(event, 2);
    await calls.place({ holdRequestId: 'b-1', listingId, quantity: 2 });
    clock.nowMs += HOLD_MS - 1;
    expect((await read(`/v1/events/${event.eventId}`)).held).toBe(2);
    clock.nowMs += 1;
    expect((await read(`/v1/events/${event.eventId}`)).held).toBe(0);
  });
});

describe('holds of different listings of an event', () => {
  it('write and check no item in common: none waits for another', async () => {
    const event = await world.newEvent();
    const client = createLeanClient();
    const written: string[][] = [];
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (args) => {
          if (commandName === 'TransactWriteItemsCommand') {
            const { TransactItems = [] } = args.input as TransactWriteItemsCommandInput;
            written.push(
              TransactItems.map(({ Put, Update, Delete, ConditionCheck }) => {
                const { pk, sk } = Put?.Item ?? (Update ?? Delete ?? ConditionCheck)?.Key ?? {};
                return JSON.stringify([pk, sk]);
              }),
            );
          }
          return next(args);
        },
      { step: 'initialize', name: 'record' },
    );
    const recorded = createMarketplaceCalls(world, client, () => clock.nowMs);
    const touched = async (name: string): Promise<ReadonlySet<string>> => {
      const { listingId } = await world.listSeats(event, 1);
      await recorded.place({ holdRequestId: name, listingId });
      await recorded.extend(name, clock.nowMs + HOLD_MS - 1);
      await recorded.release(name);
      const keys = new Set(written.splice(0).flat());
      expect(keys.size).toBeGreaterThan(4);
      return keys;
    };
    const [first, second] = [await touched('c-1'), await touched('c-2')];
    expect([...first].filter((each) => second.has(each))).toEqual([]);
  });
});
