import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, inject, it } from 'vitest';
import { barcodeKey } from '../../../lib/table/keys.ts';
import { anEvent, aTicket } from '../../support/builders.ts';
import { runs } from '../../support/campaign.ts';
import { type Door, openDoor } from '../../support/door.ts';
import { follow } from '../../support/following.ts';
import { toLean } from '../../support/lean-client.ts';
import { createScanner } from '../../support/scanner.ts';
import { createTestTable } from '../../support/table.ts';
import { createWorld } from '../../support/world.ts';

const world = await createWorld({}, toLean(await createTestTable()));
const following = await follow(world);

// oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects of a body
type Body = any;

const sizesOf = (pages: readonly Body[]): number[] => pages.map(({ items }) => items.length);
const change = async (door: Door, barcode: string, overrides: Record<string, unknown>) =>
  world.put({ ...(await door.find(barcode)), ...overrides });
const remove = async ({ organizationId }: Door, barcode: string) =>
  world.client.send(
    new DeleteCommand({ TableName: world.tableName, Key: barcodeKey(organizationId, barcode) }),
  );

describe('200 scan-pack', () => {
  it('has what a scanner needs: the ticket under its barcode, and the rules of the event', async () => {
    const gates = [
      { gateId: 'main', name: 'Main', ticketTypeIds: [7], until: '2026-06-01T23:00:00Z' },
    ];
    const door = await openDoor(world, { gates, reentry: 'afterExit' }, { seat: '12' });
    const [own, swapped] = [
      await door.newTicket({ origin: 'SOLD', payment: 'PARTLY' }),
      await door.newTicket({ standing: 'SWAPPED' }),
    ];
    await door.scan();
    const scanner = createScanner(world, door);
    await scanner.sync();
    expect(scanner.pages[0]).toMatchObject({
      reset: true,
      settings: {
        reentry: 'afterExit',
        endsAt: '2026-06-02T04:00:00.000Z',
        gates: [{ gateId: 'main', ticketTypeIds: [7], until: '2026-06-01T23:00:00.000Z' }],
        ticketTypes: [{ ticketTypeId: door.ticketTypeId, name: 'Regular' }],
      },
    });
    expect(scanner.find(door.ticket.barcode)).toMatchObject({
      ticketTypeId: door.ticketTypeId,
      holder: { eventTicketId: door.ticket.eventTicketId, holderName: 'Zoë de Vries', seat: '12' },
    });
    expect(scanner.find(own.barcode)).toMatchObject({ payment: 'PARTLY', admissions: 0 });
    expect(scanner.find(swapped.barcode)).toEqual({ tombstone: 'SWAPPED' });
    expect(scanner.find('nobody knows')).toBeUndefined();
  });

  it('tells nothing to somebody who has no ticket: no barcode, no name, no seat', async () => {
    const secret = { barcode: 'SECRETBARCODE', holderName: 'Secret Person', seat: 'SecretSeat' };
    const door = await openDoor(world, {}, secret);
    const scanner = createScanner(world, door);
    await scanner.sync();
    await change(door, secret.barcode, { standing: 'BLOCKED' });
    await following.catchUp();
    await scanner.sync();
    const everything = JSON.stringify(scanner.pages);
    const decoded = everything.replaceAll(/[\w-]{8,}/g, (text) =>
      Buffer.from(text, 'base64url').toString('latin1'),
    );
    for (const text of [...Object.values(secret), 'Person', 'BARCODE']) {
      expect(everything).not.toContain(text);
      expect(decoded).not.toContain(text);
    }
  });

  it('hashes the same barcode differently in every event', async () => {
    const [one, two] = [await openDoor(world), await openDoor(world)];
    const hashes = await Promise.all(
      [one, two].map(async (door) => {
        await door.newTicket({ barcode: 'THESAME' });
        const scanner = createScanner(world, door);
        await scanner.sync();
        return [...scanner.entries.keys()];
      }),
    );
    expect(new Set(hashes.flat()).size).toBe(4);
  });

  it('tells changes by tombstones and entries, so that it equals a fresh pack', async () => {
    const door = await openDoor(world);
    const scanner = createScanner(world, door);
    await scanner.sync();
    const tickets = await Promise.all(Array.from({ length: 12 }, () => door.newTicket()));
    const barcodes = tickets.map(({ barcode }) => barcode);
    const at = (index: number): string => barcodes[index] ?? '';
    await change(door, at(0), { standing: 'SWAPPED' });
    await change(door, at(1), { standing: 'BLOCKED' });
    await change(door, at(2), { standing: 'CANCELED' });
    await remove(door, at(3));
    await change(door, at(4), { eventId: 'another' });
    await change(door, at(5), { holderName: 'Another Name' });
    await change(door, at(6), { payment: 'NOTHING' });
    await door.scan({ barcode: at(7) });
    await following.catchUp();
    const told = await scanner.page();
    expect(told.reset).toBe(false);
    const tombstones = told.items.map(({ tombstone }: Body) => tombstone).filter(Boolean);
    expect(new Set(tombstones)).toEqual(new Set(['SWAPPED', 'BLOCKED', 'CANCELED', 'REMOVED']));
    expect(scanner.find(at(7))).toMatchObject({ admissions: 1, inside: true });
    await change(door, at(1), { standing: 'ACTIVE' });
    await following.catchUp();
    await scanner.sync();
    const fresh = createScanner(world, door);
    await fresh.sync();
    expect(scanner.entries).toEqual(fresh.entries);
    expect(scanner.find(at(1))).toMatchObject({ admissions: 0 });
  });

  it('misses nothing that changes while it is read, whatever the stream does', async () => {
    const door = await openDoor(world);
    const tickets = await Promise.all(Array.from({ length: 60 }, () => door.newTicket()));
    const scanner = createScanner(world, door);
    let seed = 7;
    const random = (below: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed % below;
    };
    for (let round = 0; round < 25; round += 1) {
      const barcode = tickets[random(tickets.length)]?.barcode ?? '';
      const standings = ['ACTIVE', 'BLOCKED', 'SWAPPED', 'CANCELED'] as const;
      const work = [
        change(door, barcode, { standing: standings[random(4)] }),
        door.newTicket(),
        scanner.page(),
      ];
      await Promise.all(work);
      world.clock.nowMs += random(20_000);
      if (random(3) > 0) continue;
      const records = await following.read();
      const shuffled = records.toSorted(() => random(3) - 1);
      await following.deliver(shuffled.slice(0, 40));
      await following.deliver(shuffled);
    }
    await following.catchUp();
    await scanner.sync();
    const fresh = createScanner(world, door);
    await fresh.sync();
    expect(scanner.entries).toEqual(fresh.entries);
  });

  it('pages through many tickets, each once, and then through many changes of them', async () => {
    const door = await openDoor(world);
    const { organizationId, eventId } = door;
    const count = runs(700, 100_000);
    const tickets = Array.from({ length: count }, () =>
      aTicket({ organizationId, eventId, origin: 'SOLD' }),
    );
    await world.putAll(tickets);
    // Else they would be told as changes, too.
    await following.read();
    const scanner = createScanner(world, door);
    await scanner.sync();
    expect(scanner.entries.size).toBe(count + 1);
    expect(sizesOf(scanner.pages).reduce((sum, size) => sum + size)).toBe(count + 1);
    expect(Math.max(...sizesOf(scanner.pages))).toBeLessThanOrEqual(500);
    expect(scanner.find(tickets.at(-1)?.barcode ?? '')).toMatchObject({ admissions: 0 });

    const changed = tickets.slice(0, runs(600, 20_000));
    const standings = ['BLOCKED', 'SWAPPED', 'CANCELED'] as const;
    await world.putAll(
      changed.map((ticket, at) => ({ ...ticket, standing: standings[at % 3] ?? 'BLOCKED' })),
    );
    await following.catchUp();
    const first = scanner.pages.length;
    await scanner.sync();
    const deltas = scanner.pages.slice(first);
    expect(deltas.some(({ reset }) => reset)).toBe(false);
    expect(sizesOf(deltas).filter((size) => size > 0).length).toBeGreaterThan(1);
    // A page of changes ends with an item of the feed, which names up to 200.
    expect(Math.max(...sizesOf(deltas))).toBeLessThan(700);
    const fresh = createScanner(world, door);
    await fresh.sync();
    expect(scanner.entries).toEqual(fresh.entries);
    const pages = { count, pages: first, deltas: deltas.length };
    if (inject('isCampaign')) console.log({ ...pages, changed: changed.length });
  });

  it('begins anew when it was away for longer than changes are kept', async () => {
    const door = await openDoor(world);
    const scanner = createScanner(world, door);
    await scanner.sync();
    await remove(door, door.ticket.barcode);
    world.clock.nowMs += 3 * 24 * 3_600_000;
    expect(await scanner.page()).toMatchObject({ reset: true, items: [] });
    await scanner.sync();
    expect(scanner.entries.size).toBe(0);
  });
});

describe('404 and 422', () => {
  it('for an event of others and for a cursor that is none', async () => {
    const [door, other] = [await openDoor(world), await openDoor(world)];
    const get = async (path: `/${string}`) => world.door(`GET ${path}`, { key: door.device.key });
    expect((await get(`/v1/events/${other.eventId}/scan-pack`)).status).toBe(404);
    const path = (eventId: string, since: string) =>
      get(`/v1/events/${eventId}/scan-pack?since=${since}`);
    const odd = await path(door.eventId, 'odd');
    expect(odd.body.errors).toMatchObject([{ pointer: '/query/since' }]);
    // Of another event of the same organization it would leave out what this one has.
    const event = await world.organizers('POST /v1/events', {
      key: door.organizer,
      body: anEvent(),
    });
    const { eventId } = event.body;
    const { key } = await door.newDevice({ eventIds: [door.eventId, eventId] });
    const since = async (id: string, query = '') =>
      world.door(`GET /v1/events/${id}/scan-pack${query}`, { key });
    for (let { body } = await since(door.eventId); ;) {
      const foreign = await since(eventId, `?since=${body.nextCursor}`);
      expect(foreign).toMatchObject({ status: 422, body: { code: 'validation_failed' } });
      if (body.complete) break;
      ({ body } = await since(door.eventId, `?since=${body.nextCursor}`));
    }
  });
});
