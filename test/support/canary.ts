// A person planted through every input there is, and all places to which what was told about it may have gone.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { PAYMENT_ROUTES } from '../../lib/http/routes/payments/routes.ts';
import { TICKETSWAP_ROUTES } from '../../lib/http/routes/ticketswap/routes.ts';
import { toPayToken } from '../../lib/domain/pay-token.ts';
import { ok } from '../../lib/domain/result.ts';
import { createPaymentsContainer } from '../../lib/runtime/container/payments.ts';
import { createTicketswapContainer } from '../../lib/runtime/container/ticketswap.ts';
import { createContactStore } from '../../lib/table/contact-store.ts';
import { createApi } from './api.ts';
import { testAwsConfig } from './aws.ts';
import { createCanarySales, customerOf } from './canary-sales.ts';
import { toErasureWorld } from './erasure-world.ts';
import { follow } from './following.ts';
import { createMailWorld, createSes, type TestQueue } from './mail-world.ts';
import { goOffline } from './offline.ts';
import type { Person } from './persons.ts';
import { createScanner } from './scanner.ts';
import { STRIPE_KEYS } from './stripe-stand-in.ts';
import { QUIET } from './world.ts';

const FIELDS = [{ name: 'wish', label: 'Wish', type: 'text', isRequired: true }];
/** Longer than a mail stays claimed. */
const LEASE_MS = 3 * 60_000;
const ADA = { firstName: 'Ada', email: 'ada@example.com' };

export async function createCanaryWorld(stripeUrl: string) {
  const mailWorld = await createMailWorld({ printTickets: async () => Buffer.from('%PDF') });
  const world = await toErasureWorld(mailWorld);
  const { key, organizationId, organizers } = world;
  const secret = await createContactStore(world).loadSecret(organizationId);
  const following = await follow(world);
  const env = { TABLE_NAME: world.tableName, STRIPE_BASE_URL: stripeUrl };
  const shared = { clock: () => world.clock.nowMs, logger: QUIET, limiter: () => ok(undefined) };
  const ticketswap = createApi(TICKETSWAP_ROUTES, {
    ...createTicketswapContainer(env, world.bare),
    ...shared,
  });
  const payments = createApi(PAYMENT_ROUTES, {
    ...createPaymentsContainer(env, world.bare),
    ...shared,
  });
  const post = async (path: `/${string}`, body: unknown = {}) => {
    world.clock.nowMs += 1;
    const reply = await organizers(`POST ${path}`, { key, body });
    if (reply.status >= 300) throw new Error(JSON.stringify(reply.body));
    return reply.body;
  };
  await organizers('PATCH /v1/organization', {
    key,
    body: { secureSwap: { enabled: true }, stripe: STRIPE_KEYS },
  });
  const marketplace = { scope: 'marketplace', marketplace: 'ticketswap' };
  const swapKey: string = (await post('/v1/keys', marketplace)).key;
  const sales = await createCanarySales(world, post);

  /** What was in a queue at any time. */
  const queued: unknown[] = [];
  async function takeAll(queue: TestQueue): Promise<readonly unknown[]> {
    const taken = await world.takeAll(queue);
    queued.push(...taken);
    return taken;
  }
  /** Everything that is on its way arrives. */
  async function settle(): Promise<void> {
    for (;;) {
      await world.dispatch(await world.streamed());
      const [email, messages] = [await takeAll('email'), await takeAll('messages')];
      queued.push(...(await world.takeAll('imports')), ...(await world.takeAll('deadLetters')));
      queued.push(...world.refusals);
      await following.catchUp();
      if (email.length + messages.length === 0) return;
      await world.mailWorker('email', { ses: createRefusingSes() })(...email);
      world.clock.nowMs += LEASE_MS;
      await world.mailWorker('email')(...email);
      await world.mailWorker('messages')(...messages);
    }
  }

  const swap = async (barcode: string, customer: object) => {
    world.clock.nowMs += 1;
    const body = { ticket: { barcode }, customer };
    return ticketswap('POST /ticketswap/swap', { key: swapKey, body });
  };
  const personalize = async (barcode: string, wish: string) =>
    ticketswap('POST /ticketswap/personalize', {
      key: swapKey,
      body: { ticket: { barcode }, fields: { wish } },
    });

  async function openEvent() {
    const made = await world.newEvent({ personalizationFields: FIELDS });
    const { eventId, eventUrl } = made;
    const types = await organizers(`GET /v1/events/${eventId}/ticket-types`, { key });
    const ticketTypeId = Number(types.body.items[0].ticketTypeId);
    const device = await post('/v1/devices', { name: 'Gate', eventIds: [eventId] });
    const sell = async (buyer: object, sale: object = { payment: { paymentType: 'CASH' } }) =>
      post(`/v1/events/${eventId}/orders`, {
        buyer,
        items: [{ ticketTypeId, quantity: 1 }],
        ...sale,
      });
    return { eventId: String(eventId), eventUrl: String(eventUrl), device, sell };
  }

  /** Buys resold tickets and resells others; answers the barcodes that name the person, and which swap to repeat. */
  async function plantSwaps({ sell }: Awaited<ReturnType<typeof openEvent>>, person: Person) {
    const { name, email } = person;
    const customer = { firstName: name, lastName: name, email, phone: email };
    const [kept, passedOn, own] = [
      await sell(ADA),
      await sell(ADA),
      await sell(customerOf(person)),
    ];
    const bought = (await swap(kept.tickets[0].barcode, customer)).body;
    await personalize(bought.barcode, `${name} eats no fish, ${email}`);
    const between = (await swap(passedOn.tickets[0].barcode, customer)).body;
    await personalize(between.barcode, `${name} stands`);
    await swap(between.barcode, { name: 'Grace', email: 'grace@example.com' });
    await swap(own.tickets[0].barcode, { name: 'Grace', email: 'grace@example.com' });
    return { bought: String(bought.barcode), repeat: String(kept.tickets[0].barcode), customer };
  }

  /** In the host's own words. */
  const settlePart = async (eventUrl: string, orderId: number, { name, email }: Person) =>
    post(`/rest/host/event/${eventUrl}/order/${orderId}/settle`, {
      action: 'MARK_AS_PAID',
      amount: 1,
      paymentDate: `day of ${name}`,
      note: `${name} came by`,
      transactionId: `${email} 12`,
    });

  /** Owes money, of which a part has come. */
  async function plantPayment(
    { sell, eventUrl }: Awaited<ReturnType<typeof openEvent>>,
    person: Person,
  ) {
    const order = await sell(customerOf(person), {});
    const token = toPayToken({ organizationId, orderId: order.orderId }, secret);
    await payments(`POST /pay/${token}`);
    await settlePart(eventUrl, order.orderId, person);
    return { orderId: Number(order.orderId), token, barcode: String(order.tickets[0].barcode) };
  }

  /** Before each call that takes a buyer off an order, something else comes first. */
  function createInterrupted(interrupt: (input: string) => Promise<void>): DynamoDBClient {
    const client = new DynamoDBClient(testAwsConfig(inject('dynamoDbEndpoint')));
    client.middlewareStack.add(
      (next) => async (args) => {
        const input = JSON.stringify(args.input);
        if (input.includes('SET buyer')) await interrupt(input);
        return next(args);
      },
      { step: 'initialize', priority: 'high' },
    );
    return client;
  }

  async function plantEverywhere(tag: string, person: Person) {
    const imported = await world.plant(tag, person);
    const event = await openEvent();
    const swaps = await plantSwaps(event, person);
    const owed = await plantPayment(event, person);
    const paid = await event.sell(customerOf(person));
    const sold = String(paid.tickets[0].barcode);
    await sales.plantExchanges(event, person);
    const resales = await sales.plantResales(tag, imported.eventId, person);
    await post(`/v1/tickets/${paid.tickets[0].eventTicketId}/block`);
    await post(`/v1/tickets/${paid.tickets[0].eventTicketId}/unblock`);
    for (const eventId of [event.eventId, imported.eventId]) {
      await post(`/v1/events/${eventId}/messages`, { subject: 'Doors at eight', text: 'Hello' });
    }
    await settle();
    const bounced = toBounce(person.contactId, organizationId);
    queued.push(bounced);
    await world.mailEvents(bounced);
    await scanAll(event, [sold, owed.barcode, swaps.bought, person.email]);
    const faulty = { buyer: { email: `${person.name} <${person.email}>` }, items: [] };
    await organizers(`POST /v1/events/${event.eventId}/orders`, { key, body: faulty });
    await settle();
    const scanner = createScanner(world, event);
    await scanner.sync();
    return { imported, event, swaps, owed, sold, resales, scanner };
  }

  async function scanAll(
    { eventId, device }: Awaited<ReturnType<typeof openEvent>>,
    barcodes: readonly string[],
  ) {
    const { sync } = goOffline(world);
    for (const [index, barcode] of barcodes.entries()) {
      const scan = { eventId, barcode, offlineOutcome: 'ADMITTED' as const };
      const body = { scanId: `online-${index}`, eventId, barcode };
      await world.scans('POST /v1/validate', { key: device.key, body });
      const scannedAt = new Date(world.clock.nowMs - 60_000).toISOString();
      await sync(device, [{ ...scan, scanId: `offline-${index}`, scannedAt }]);
    }
  }

  return {
    ...world,
    payments,
    queued,
    settle,
    swap,
    personalize,
    openEvent,
    plantSwaps,
    plantPayment,
    plantEverywhere,
    settlePart,
    createInterrupted,
  };
}

/** SES, and what it says when it takes no mail: with the address in it. */
function createRefusingSes() {
  const client = createSes();
  client.middlewareStack.add(
    () => async (args) => {
      const error = new Error(`Address is not verified: ${JSON.stringify(args.input)}`);
      throw Object.assign(error, { name: 'MessageRejected', $metadata: {} });
    },
    { step: 'initialize', priority: 'high' },
  );
  return client;
}

/** What the rule lets through of a bounce: see test/infra/mail-events.test.ts. */
const toBounce = (contactId: string, organizationId: string) => ({
  organization: [organizationId],
  contact: [contactId],
  cause: 'bounce',
});
