import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { present } from '../../lib/domain/assert.ts';
import { createSwapStore } from '../../lib/table/swap-store.ts';
import { createCanaryWorld } from '../support/canary.ts';
import { startStripe, type StripeStandIn } from '../support/stripe-stand-in.ts';
import { LOGGED } from '../support/world.ts';

let stripe: StripeStandIn;
let world: Awaited<ReturnType<typeof createCanaryWorld>>;
beforeAll(async () => {
  stripe = await startStripe();
  world = await createCanaryWorld(stripe.baseUrl);
});
afterAll(async () => stripe.close());

describe('a person who bought, resold, owed, was written to and came to the door', () => {
  it('is found in no table, file, queue, pack, page or log an hour after the erasure, nor brought back by a repeat', async () => {
    const { key, organizers } = world;
    const person = world.newPerson();
    const planted = await world.plantEverywhere('Z', person);
    const { owed, sold, swaps, resales, scanner } = planted;
    const barcodes = [sold, owed.barcode, swaps.bought];
    const inPack = () => JSON.stringify(barcodes.map((barcode) => scanner.find(barcode)));
    const orders = await organizers(`GET /v1/contacts/${person.contactId}/orders`, { key });
    const kinds = new Set(
      (await world.allItems())
        .filter((item) => person.pattern.test(JSON.stringify(item)))
        .map(({ kind }) => kind),
    );
    expect(kinds).toEqual(
      new Set([
        'contact',
        'importAnalysis',
        'importRow',
        'ledger',
        'order',
        'personalization',
        'ticket',
        'importNote',
      ]),
    );
    expect(inPack().match(new RegExp(person.pattern, 'gi'))?.length).toBeGreaterThanOrEqual(3);
    expect((await world.inbox(person.email)).length).toBeGreaterThan(4);

    await world.erased(person.contactId);
    await world.settle();
    expect(await world.findTraces(person.pattern)).toEqual([]);
    await scanner.sync();
    expect(inPack()).not.toMatch(person.pattern);
    for (const barcode of barcodes)
      expect(scanner.find(barcode).holder).toMatchObject({ holderName: '' });

    const repeats = [
      await world.swap(swaps.repeat, swaps.customer),
      await world.personalize(swaps.bought, `${person.name} eats no fish`),
    ];
    await resales.bought.invoice();
    expect(repeats.map(({ status, body }) => [status, body.error])).toEqual([
      [400, 'TICKET_ALREADY_SWAPPED'],
      [400, 'PERSONALIZATION_NOT_ALLOWED'],
    ]);
    await world.settle();
    expect(await world.findTraces(person.pattern)).toEqual([]);

    const page = await world.payments(`GET /pay/${owed.token}`);
    expect(page.body).toContain(String(owed.orderId));
    expect(page.body).not.toMatch(person.pattern);
    expect(world.queued.length).toBeGreaterThan(10);
    expect(JSON.stringify(world.queued)).not.toMatch(person.pattern);
    expect(JSON.stringify(stripe.calls)).not.toMatch(person.pattern);
    expect(LOGGED.length).toBeGreaterThan(3);
    expect(LOGGED.join('\n')).not.toMatch(person.pattern);

    // Whoever bought what had been imported for the person is still who it is for.
    for (const { eventTicketId, orderId } of [resales.withNote, resales.withNoteApart]) {
      const ticket = (await organizers(`GET /v1/tickets/${eventTicketId}`, { key })).body;
      expect(ticket).toMatchObject({ orderId, holderName: 'Grace Hopper' });
    }

    for (const { orderId, status, total, paid } of orders.body.items) {
      const now = (await organizers(`GET /v1/orders/${orderId}`, { key })).body;
      expect(now).toMatchObject({ status, total, paid, buyer: {} });
    }
  });

  it('is found nowhere either when answers and payments come in at the very moment', async () => {
    const person = world.newPerson();
    const event = await world.openEvent();
    const { bought } = await world.plantSwaps(event, person);
    const { orderId } = await world.plantPayment(event, person);
    const answered: number[] = [];
    let settled = 0;
    const client = world.createInterrupted(async (input) => {
      answered.push((await world.personalize(bought, `${person.name} again`)).status);
      if (!input.includes(String(orderId)) || settled > 0) return;
      settled += 1;
      await world.settlePart(event.eventUrl, orderId, person);
    });
    await world.erase(person.contactId);
    expect(await world.worker({}, client)(world.message(person.contactId))).toBe(0);
    client.destroy();
    expect(answered).toContain(400);
    expect(settled).toBe(1);
    // An answer that was decided on before the erasure, and is written after it.
    const swaps = createSwapStore(world, () => 'out_x');
    const ticket = present(await swaps.find(world.organizationId, bought), 'it was bought');
    expect(await swaps.saveAnswers(ticket, { wish: person.name })).toBe(false);
    world.clock.nowMs += 3_600_000;
    await world.work(person.contactId);
    expect(await world.findTraces(person.pattern)).toEqual([]);
  });
});
