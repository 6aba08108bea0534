// The exchange as a host calls it: wire format, and effects on order, ticket, stock, history and mails.
import { describe, expect, it } from 'vitest';
import { aTicket } from '../../support/builders.ts';
import { createExchangeSetup, eur, SUCCESS } from '../../support/exchange-setup.ts';
import { toExchangePath } from '../../support/exchange-world.ts';

const { world, setup, readTicket, soldOf } = await createExchangeSetup();
const { organizers, key } = world;

describe('an exchange', () => {
  it('200 exactly as documented, with the documented payload', async () => {
    const made = await setup();
    const reply = await organizers(`PUT ${toExchangePath(made.event, made.orderId)}`, {
      key,
      body: {
        eventTicketId: made.eventTicketId,
        newTicketTypeId: made.to,
        sentMailToAttendee: true,
        orderId: made.orderId,
        paymentDetails: {
          paymentType: 'string',
          amount: 0,
          note: 'string',
          transactionId: 'string',
          tokenOrIntentId: 'string',
          paymentDate: 'string',
          createdBy: 0,
          documentLink: 'string',
          refundWithCancel: true,
          internationalPayment: true,
        },
      },
    });
    expect(reply).toMatchObject({ status: 200, body: SUCCESS });
    expect(reply.body).toEqual(SUCCESS);
    expect(await world.read(made.orderId)).toMatchObject({
      status: 'PARTIALLY_PAID',
      total: eur(2220),
      paid: eur(1185),
      balance: eur(1035),
      tickets: [
        {
          ticketTypeId: made.to,
          price: eur(2000),
          subtotal: eur(2220),
          due: eur(1035),
        },
      ],
    });
  });

  it('takes fields that say nothing: null, 0, empty, absent, and unknown ones', async () => {
    const made = await setup();
    const reply = await world.exchange({
      ...made,
      payment: { paymentType: null, amount: null, note: '', createdBy: null, documentLink: null },
      more: { orderId: 0, sentMailToAttendee: null, host: 'unknown' },
    });
    expect(reply.body).toEqual(SUCCESS);
  });

  it('keeps the barcode, moves the place, and writes what happened', async () => {
    const made = await setup();
    expect(await soldOf(made)).toEqual([1, 1, 0]);
    await world.exchange(made);
    expect(await soldOf(made)).toEqual([1, 0, 1]);
    expect(await readTicket(made)).toMatchObject({
      barcode: made.barcode,
      status: 'REGISTERED',
      ticketTypeId: made.to,
      history: [
        {
          action: 'EXCHANGED',
          details: {
            fromTicketTypeId: made.event.typeId,
            toTicketTypeId: made.to,
            fromPriceMinor: 1e3,
            toPriceMinor: 2e3,
            reentryGranted: false,
          },
        },
      ],
    });
  });

  it('mails the confirmation to the buyer, to the holder if asked for, and the link', async () => {
    const made = await setup();
    await world.exchange({ ...made, more: { sentMailToAttendee: true } });
    const ids = { organizationId: world.organizationId, orderId: made.orderId };
    expect(await world.messagesOf(made.orderId)).toEqual([
      { type: 'mail.order', ...ids, cause: 'exchange', alsoHolderOf: made.eventTicketId },
      { type: 'mail.order', ...ids, cause: 'sale' },
      { type: 'mail.paymentLink', ...ids },
    ]);
  });

  it('takes money that comes with it, and refunds it on the way down, the newest first', async () => {
    // 10.00 by card: 11.85 + 0.66. To 20.00 by card: 10.97 (fee 0.62). To 5.00 (S 6.68): 10.97 and 5.17 + 0.29 back.
    const made = await setup({ payment: { paymentType: 'CARD' } });
    const down = await world.typeOf(made.event, 500);
    const payment = { paymentType: 'CARD', amount: 10.97, note: 'desk', documentLink: 'https://x' };
    expect((await world.exchange({ ...made, payment })).body).toEqual(SUCCESS);
    expect((await world.exchange({ ...made, to: down })).body).toEqual(SUCCESS);
    const order = await world.read(made.orderId);
    expect(order).toMatchObject({
      status: 'PAID',
      total: eur(668),
      paid: eur(668),
      balance: eur(0),
      cardFees: eur(37),
      transactions: [
        {
          kind: 'PAYMENT',
          amount: eur(1251),
          cardFee: eur(66),
        },
        {
          kind: 'PAYMENT',
          amount: eur(1097),
          cardFee: eur(62),
          note: 'desk',
        },
        {
          kind: 'REFUND',
          amount: eur(1097),
          cardFee: eur(62),
          status: 'DONE',
          cause: 'exchange',
        },
        {
          kind: 'REFUND',
          amount: eur(546),
          cardFee: eur(29),
          status: 'DONE',
          cause: 'exchange',
        },
      ],
    });
    const refunded = order.transactions.slice(2).map((one: { of: string }) => one.of);
    expect(refunded).toEqual([
      order.transactions[1].transactionId,
      order.transactions[0].transactionId,
    ]);
    expect((await world.messagesOf(made.orderId)).map(({ type }) => type)).toContain('mail.refund');
  });

  it('marks an unpaid ticket as paid on the way down, unless the organization keeps it unpaid', async () => {
    const made = await setup({});
    const down = await world.typeOf(made.event, 500);
    await world.exchange({ ...made, to: down });
    expect(await world.read(made.orderId)).toMatchObject({
      status: 'PAID',
      balance: eur(0),
      transactions: [
        {
          kind: 'WAIVER',
          amount: eur(668),
          paymentType: 'EXCHANGE',
        },
      ],
    });
    expect(await world.scan(made.event, made.barcode)).toMatchObject({ outcome: 'ADMITTED' });
    const body = { keepUnpaid: true };
    await organizers('PATCH /v1/organization', { key, body });
    const kept = await setup({});
    const cheaper = await world.typeOf(kept.event, 400);
    await world.exchange({ ...kept, to: cheaper });
    expect(await world.read(kept.orderId)).toMatchObject({ status: 'UNPAID', transactions: [] });
    await organizers('PATCH /v1/organization', { key, body: { keepUnpaid: false } });
  });

  it('makes an imported order its own, and leaves external money to the host', async () => {
    const event = await world.newEvent({}, { price: eur(1000) });
    const eventTicketId = 4096 * 77 + 1;
    const orderId = eventTicketId;
    await world.put(
      aTicket({
        organizationId: world.organizationId,
        eventId: event.eventId,
        eventTicketId,
        orderId,
        ticketTypeId: event.typeId,
        priceMinor: 1e3,
      }),
    );
    const free = await world.typeOf(event, 0);
    expect((await world.exchange({ event, orderId, eventTicketId, to: free })).body).toEqual(
      SUCCESS,
    );
    expect(await world.read(orderId)).toMatchObject({
      status: 'PAID',
      total: eur(0),
      transactions: [
        {
          kind: 'PAYMENT',
          paymentType: 'IMPORT',
          amount: eur(1e3),
          external: true,
        },
        {
          kind: 'HOST_SETTLES',
          paymentType: 'IMPORT',
          amount: eur(1e3),
          external: true,
        },
      ],
    });
  });
});

describe('a repeat', () => {
  it('of the same payload is the same exchange', async () => {
    const made = await setup();
    const payment = { paymentType: 'CASH', amount: '10.35' };
    await world.exchange({ ...made, payment });
    const before = await world.read(made.orderId);
    // 10.35 is 10.350, and null says nothing.
    const again = { paymentType: 'CASH', amount: '10.350', note: null };
    expect((await world.exchange({ ...made, payment: again })).body).toEqual(SUCCESS);
    expect(await world.read(made.orderId)).toEqual(before);
  });

  it('with the same Idempotency-Key too, also when its first answer got lost', async () => {
    const made = await setup();
    const headers = { 'idempotency-key': 'exchange-1' };
    await world.exchange({ ...made, headers });
    expect((await world.exchange({ ...made, headers })).body).toEqual(SUCCESS);
    expect((await world.messagesOf(made.orderId)).length).toBe(3);
  });

  it('409 same_type for another payload', async () => {
    const made = await setup();
    await world.exchange(made);
    const other = await world.exchange({ ...made, more: { sentMailToAttendee: true } });
    expect(other).toMatchObject({ status: 409, body: { code: 'same_type' } });
  });

  it('is an exchange of its own after another one', async () => {
    const made = await setup();
    const { typeId } = made.event;
    for (const to of [made.to, typeId, made.to]) {
      expect((await world.exchange({ ...made, to })).body).toEqual(SUCCESS);
    }
    expect(await soldOf(made)).toEqual([1, 0, 1]);
  });
});
