import { describe, expect, it } from 'vitest';
import { createSuppressionStore } from '../../lib/table/suppression-store.ts';
import { toContactId } from '../../lib/domain/contact.ts';
import { createContactStore } from '../../lib/table/contact-store.ts';
import type { OutboxMessage } from '../../lib/app/outbox-ports.ts';
import { PAYMENT_ROUTES } from '../../lib/http/routes/payments/routes.ts';
import { createPaymentsContainer } from '../../lib/runtime/container/payments.ts';
import { createApi } from '../support/api.ts';
import { anEvent } from '../support/builders.ts';
import {
  createMailWorld,
  createSes,
  PUBLIC_URL,
  type ReceivedMail,
} from '../support/mail-world.ts';
import { readPdf } from '../support/read-pdf.ts';

const world = await createMailWorld();
const { key, organizationId } = world;
const post = async (path: `/${string}`, body: unknown = {}) => {
  world.clock.nowMs += 1;
  const reply = await world.organizers(`POST ${path}`, { key, body });
  if (reply.status >= 300) throw new Error(JSON.stringify(reply.body));
  return reply.body;
};
const event = await post('/v1/events', anEvent({ endsAt: '2026-06-03T06:00:00Z' }));
const { eventId } = event;
const type = await post(`/v1/events/${eventId}/ticket-types`, {
  name: 'Regular',
  price: { amountMinor: 2500, currency: 'EUR' },
});
const sell = async (email: string, sale: Record<string, unknown> = {}) =>
  post(`/v1/events/${eventId}/orders`, {
    buyer: { firstName: 'Zoë', lastName: 'Żółć', email },
    items: [{ ticketTypeId: type.ticketTypeId, quantity: 2 }],
    ...sale,
  });
const payments = createApi(PAYMENT_ROUTES, createPaymentsContainer(world.env, world.bare));
const paid = { payment: { paymentType: 'CASH' } };
const pdfOf = async (mail: ReceivedMail | undefined) =>
  readPdf(Buffer.from(mail?.attachments[0]?.content ?? '', 'base64'));
const subjects = async (to: string) => (await world.inbox(to)).map(({ subject }) => subject);
const deliver = async (outboxId: string, message: OutboxMessage) =>
  world.mailWorker('email')({ ...message, outboxId });

describe('an order', () => {
  it('brings the buyer a mail whose barcodes are admitted at the door', async () => {
    const order = await sell('door@example.com', paid);
    expect(await world.settle()).toBe(0);
    const [mail, ...others] = await world.inbox('door@example.com');
    expect(others).toEqual([]);
    expect(mail?.subject).toBe('Your tickets for Night');
    expect(mail?.attachments.map(({ filename }) => filename)).toEqual(['tickets.pdf']);
    const device = await post('/v1/devices', { name: 'Gate', eventIds: [eventId] });
    const pages = await pdfOf(mail);
    expect(pages).toHaveLength(2);
    for (const [index, { text, barcodes }] of pages.entries()) {
      expect(text).toContain('Zoë Żółć');
      const [barcode] = barcodes;
      expect(barcode?.text).toBe(order.tickets[index].barcode);
      const scan = { scanId: `s${index}`, eventId, barcode: barcode?.text };
      const answer = await world.scans('POST /v1/validate', { key: device.key, body: scan });
      expect(answer.body).toMatchObject({ outcome: 'ADMITTED' });
    }
  });

  it('that is not paid says what is due, without tickets; they come with the payment', async () => {
    const { orderId } = await sell('unpaid@example.com');
    await world.settle();
    const mails = await world.inbox('unpaid@example.com');
    expect(mails.map(({ subject }) => subject)).toEqual(['Your order for Night']);
    expect(mails[0]?.attachments).toEqual([]);
    const text = mails[0]?.body.text ?? '';
    expect(text).toMatch(/€50\.00 .*is still to be paid\./);
    const { origin, pathname } = new URL(/https:\S+/.exec(text)?.[0] ?? '');
    expect(origin).toBe(PUBLIC_URL);
    const page = await payments(`GET /${pathname.slice(1)}`);
    expect(page.status).toBe(200);
    for (const told of [String(orderId), '€50.00']) expect(page.body).toContain(told);
    const path = `/rest/host/event/${event.eventUrl}/order/${orderId}/settle` as const;
    await post(path, { action: 'MARK_AS_PAID', amount: 50, paymentType: 'CASH' });
    await world.settle();
    const [paidFor, ...others] = (await world.inbox('unpaid@example.com')).slice(mails.length);
    expect(others).toEqual([]);
    expect(await pdfOf(paidFor)).toHaveLength(2);
    expect(paidFor?.body.text).not.toContain(PUBLIC_URL);
    await deliver('out_late_link', { type: 'mail.paymentLink', organizationId, orderId });
    expect(await world.inbox('unpaid@example.com')).toHaveLength(mails.length + 1);
  });

  it.each([
    ['CODE128', 'Code128'],
    ['PDF417', 'PDF417'],
    ['AZTEC', 'Aztec'],
    ['QR', 'QRCode'],
  ])('draws its barcodes in the symbology of its event: %s', async (symbology, format) => {
    const changed = await world.organizers(`PATCH /v1/events/${eventId}`, {
      key,
      body: { symbology },
    });
    expect(changed.body).toMatchObject({ symbology });
    const { tickets } = await sell(`${symbology}@example.com`, paid);
    expect(await world.settle()).toBe(0);
    const [mail] = await world.inbox(`${symbology}@example.com`);
    expect((await pdfOf(mail)).map(({ barcodes }) => barcodes)).toEqual(
      tickets.map(({ barcode }: { barcode: string }) => [{ text: barcode, format }]),
    );
  });

  it('without an address of its buyer sends nothing', async () => {
    await sell('', { buyer: { firstName: 'Nobody' }, ...paid });
    expect(await world.settle()).toBe(0);
    expect(await world.inbox('')).toEqual([]);
  });

  it('that was canceled meanwhile is not confirmed; its refund is told', async () => {
    const { orderId } = await sell('canceled@example.com', paid);
    await post(`/v1/orders/${orderId}/refund`, { cancelTickets: true });
    await world.settle();
    expect(await subjects('canceled@example.com')).toEqual(['Refund for Night']);
    const [mail] = await world.inbox('canceled@example.com');
    expect(mail?.body.text).toContain('You get €50.00 back');
  });

  it('tells the holder too when the message asks for it, and a new barcode to the buyer', async () => {
    const holders = [{ firstName: 'Hol', email: 'holder@example.com' }];
    const items = [{ ticketTypeId: type.ticketTypeId, quantity: 1, holders }];
    const { orderId, tickets } = await sell('buyer@example.com', { items, ...paid });
    await world.settle();
    const { eventTicketId } = tickets[0];
    const shared = { organizationId, orderId } as const;
    await deliver('out_exchange', {
      ...shared,
      type: 'mail.order',
      cause: 'exchange',
      alsoHolderOf: eventTicketId,
    });
    expect(await subjects('holder@example.com')).toEqual(['Your changed order for Night']);
    const { barcode } = await post(`/v1/tickets/${eventTicketId}/reissue`);
    const before = (await world.inbox('buyer@example.com')).length;
    expect(await world.settle()).toBe(0);
    const [reissued, ...others] = (await world.inbox('buyer@example.com')).slice(before);
    expect(others).toEqual([]);
    expect((await pdfOf(reissued))[0]?.barcodes[0]?.text).toBe(barcode);
  });
});

describe('an import that has finished', () => {
  const finish = async (prefix: string, body?: Record<string, unknown>) => {
    const made = await world.imported(eventId, `barcode\n${prefix}1\n${prefix}2\n`, body);
    await world.settle();
    return made;
  };
  it('tells nobody while the organization has no address', async () => {
    await finish('quiet');
    expect(await world.inbox('office@example.com')).toEqual([]);
  });

  it('tells the organizer once, a dry run and the run after it each', async () => {
    await world.organizers('PATCH /v1/organization', {
      key,
      body: { email: 'office@example.com' },
    });
    await finish('told');
    expect(await subjects('office@example.com')).toEqual(['Import finished: tickets.csv']);
    const [mail] = await world.inbox('office@example.com');
    expect(mail?.body.text).toContain('Tickets: 2');
    const { importId } = await finish('dry', { dryRun: true });
    expect(await world.inbox('office@example.com')).toHaveLength(2);
    world.clock.nowMs += 1;
    await world.imports(`POST /v1/imports/${importId}/start`, { key, body: { dryRun: false } });
    await world.worker()(world.run(importId));
    // A message of the first run that comes again by now has nothing to tell.
    await deliver('out_late', {
      type: 'mail.importFinished',
      organizationId,
      importId,
      startedAtMs: 1,
    });
    await world.settle();
    expect(await world.inbox('office@example.com')).toHaveLength(3);
  });
});

it('a mail names its organization and contact to SES, in tags that come back with a bounce', async () => {
  const secret = await createContactStore(world).loadSecret(organizationId);
  await sell('tagged@example.com', paid);
  await world.dispatch(await world.streamed());
  const inputs: unknown[] = [];
  const ses = createSes();
  ses.middlewareStack.add(
    (next) => async (args) => {
      inputs.push(args.input);
      return next(args);
    },
    { step: 'initialize' },
  );
  expect(await world.mailWorker('email', { ses })(...(await world.takeAll('email')))).toBe(0);
  expect(inputs).toMatchObject([
    {
      ConfigurationSetName: 'test',
      Tags: [
        { Name: 'organization', Value: organizationId },
        { Name: 'contact', Value: toContactId('tagged@example.com', secret) },
      ],
    },
  ]);
});

describe('bounces and complaints', () => {
  /** As the rule lets it through. */
  const told = async (address: string, cause: 'bounce' | 'complaint') => {
    const secret = await createContactStore(world).loadSecret(organizationId);
    return { organization: [organizationId], contact: [toContactId(address, secret)], cause };
  };

  it('keep further mail from an address, however it is written', async () => {
    const events = [
      await told('dead@example.com', 'bounce'),
      await told('angry@example.com', 'complaint'),
    ];
    expect(await world.mailEvents(...events, ...events)).toBe(0);
    const names = ['Dead', 'angry', 'alive'];
    for (const name of names) await sell(`${name}@example.com`, paid);
    expect(await world.settle()).toBe(0);
    const got = await Promise.all(
      names.map(async (name) => (await world.inbox(`${name}@example.com`)).length),
    );
    expect(got).toEqual([0, 0, 1]);
    expect(world.counted('mail_suppressed')).toBe(2);
  });

  it('of one organization say nothing about the address to another one, and hold no address', async () => {
    const other = await world.newOrganization();
    const secret = await createContactStore(world).loadSecret(other.organizationId);
    const contactId = toContactId('dead@example.com', secret);
    const suppressions = createSuppressionStore(world);
    expect(await suppressions.isSuppressed(other.organizationId, contactId)).toBe(false);
    const stored = (await world.allItems()).filter(({ kind }) => kind === 'suppression');
    expect(stored).toHaveLength(2);
    expect(JSON.stringify(stored)).not.toContain('example.com');
  });

  it('that are none are put aside one by one', async () => {
    const unknown = { source: 'aws.ses', detail: { eventType: 'Bounce' } };
    const late = await told('late@example.com', 'bounce');
    expect(await world.mailEvents('not JSON', unknown, late)).toBe(2);
  });
});

it('a message that belongs elsewhere is put aside', async () => {
  const run = { type: 'import.run', organizationId, importId: 'imp_1', outboxId: 'out_1' };
  expect(await world.mailWorker('email')(run, { type: 'mail.order' }, 'not JSON')).toBe(3);
  expect(await world.mailWorker('messages')(run)).toBe(1);
});
