// Sales that a marketplace cancels: whatever became of them, what nobody was admitted with is for sale again.
import { describe, expect, it } from 'vitest';
import { closeListing } from '../../../lib/app/marketplaces/manage-listings.ts';
import { createSaleWorld } from '../../support/sale-world.ts';

const world = await createSaleWorld();
const { calls, sales, clock } = world;
const event = await world.newEvent();
const list = async (count: number, settings: Parameters<typeof world.listSeats>[2] = {}) =>
  world.listSeats(event, count, { channels: ['axs', 'gametime'], ...settings });
const left = async (listingId: string) => {
  const asked = await calls.ask(listingId);
  return asked.ok ? asked.value.availableQuantity : asked.refusal.code;
};
const ticket = async (eventTicketId = 0) =>
  (await world.organizers(`GET /v1/tickets/${eventTicketId}`, { key: world.key })).body;
const orderOf = async (marketplaceOrderId: string) => {
  const { orderId = 0 } = (await sales.find(marketplaceOrderId)) ?? {};
  return world.read(orderId);
};
const report = async () =>
  (await world.organizers(`GET /v1/events/${event.eventId}/reports/payments`, { key: world.key }))
    .body;

describe('a cancellation', () => {
  it('gives the tickets back under new barcodes, and offers them again', async () => {
    const { listingId, tickets } = await list(3);
    const buyer = { name: 'Ada Cancels', email: 'ada.cancels@example.com' };
    await sales.created({ marketplaceOrderId: 'a-1', listingId, quantity: 2, buyer });
    expect(await left(listingId)).toBe(1);
    await sales.canceled('a-1');
    await sales.canceled('a-1');
    expect(await sales.find('a-1')).toMatchObject({ status: 'CANCELED', decision: 1 });
    expect(await left(listingId)).toBe(3);
    const [first] = tickets;
    const old = await world.scan(event, first?.barcode ?? '');
    expect(old).toMatchObject({ outcome: 'REFUSED', reason: 'REPLACED' });
    const back = await ticket(first?.eventTicketId);
    expect(back).toMatchObject({ status: 'REGISTERED', admissions: 0, section: 'A', seat: '1' });
    expect(back.holderName).toBeUndefined();
    expect(back.barcode).toMatch(/^[0-9A-Z]{16}$/);
    expect(back.history).toMatchObject([{ action: 'REISSUED' }, { action: 'SOLD' }]);
    expect(await world.read(back.orderId)).toMatchObject({
      status: 'PAID',
      buyer: {},
      total: { amountMinor: 0 },
    });
    expect(await orderOf('a-1')).toMatchObject({
      status: 'CANCELED',
      total: { amountMinor: 0 },
      paid: { amountMinor: 0 },
      balance: { amountMinor: 0 },
      transactions: [
        { kind: 'PAYMENT', paymentType: 'AXS', amount: { amountMinor: 8000 } },
        { kind: 'HOST_SETTLES', paymentType: 'AXS', amount: { amountMinor: 8000 } },
      ],
    });
  });

  it('lets them be sold again, canceled again, and admits who bought last', async () => {
    const { listingId, tickets } = await list(1);
    for (const round of [1, 2, 3]) {
      await sales.created({ marketplaceOrderId: `b-${round}`, listingId });
      expect(await sales.find(`b-${round}`)).toMatchObject({ status: 'INVOICED' });
      await sales.canceled(`b-${round}`);
    }
    await calls.place({ holdRequestId: 'b-h', listingId });
    expect(await calls.invoice('b-h', 'b-order')).toMatchObject({ ok: true });
    const { barcode } = await ticket(tickets[0]?.eventTicketId);
    expect(await world.scan(event, barcode)).toMatchObject({ outcome: 'ADMITTED' });
  });

  it('that comes before its sale takes nothing, and is the end of it', async () => {
    const { listingId } = await list(1);
    await sales.canceled('c-1');
    await sales.created({ marketplaceOrderId: 'c-1', listingId });
    await sales.created({ marketplaceOrderId: 'c-1', listingId });
    expect(await sales.find('c-1')).toMatchObject({ status: 'CANCELED', decision: 0 });
    expect(await left(listingId)).toBe(1);
  });

  it('that comes before an invoice leaves the hold uninvoiced', async () => {
    const { listingId } = await list(1);
    await calls.place({ holdRequestId: 'k-h', listingId });
    await sales.canceled('k-1', 'gametime');
    expect(await calls.invoice('k-h', 'k-1')).toMatchObject({
      refusal: { code: 'already_invoiced' },
    });
    await calls.release('k-h');
    expect(await left(listingId)).toBe(1);
  });

  it('of a sale that waits ends the waiting', async () => {
    const { listingId } = await list(1);
    await calls.place({ holdRequestId: 'd-h', listingId });
    await sales.created({ marketplaceOrderId: 'd-1', listingId });
    await sales.canceled('d-1');
    await calls.release('d-h');
    await sales.retry(listingId);
    clock.nowMs += 61 * 60_000;
    await sales.rejectDue();
    expect(await sales.find('d-1')).toMatchObject({ status: 'CANCELED', decision: 0 });
  });

  it('leaves an admitted ticket sold, with what was paid for it', async () => {
    const { listingId, tickets } = await list(3);
    await sales.created({ marketplaceOrderId: 'e-1', listingId, quantity: 3 });
    await world.scan(event, tickets[1]?.barcode ?? '');
    await sales.canceled('e-1');
    const sale = await sales.find('e-1');
    expect(sale).toMatchObject({ status: 'CANCELED', attention: 'ADMITTED' });
    expect(await left(listingId)).toBe(2);
    expect(await ticket(tickets[1]?.eventTicketId)).toMatchObject({
      barcode: tickets[1]?.barcode,
      orderId: sale?.orderId,
      status: 'CHECKED_IN',
    });
    expect(await orderOf('e-1')).toMatchObject({
      total: { amountMinor: 4000 },
      paid: { amountMinor: 4000 },
      balance: { amountMinor: 0 },
    });
  });

  it('gives back a binding hold’s sale, too', async () => {
    const { listingId } = await list(2);
    await calls.place({ holdRequestId: 'f-h', listingId, quantity: 2 });
    await calls.invoice('f-h', 'f-1');
    await sales.canceled('f-1', 'gametime');
    expect(await sales.find('f-1', 'gametime')).toMatchObject({ status: 'CANCELED' });
    expect(await left(listingId)).toBe(2);
  });

  it('gives forty tickets back, of forty imports’ orders', async () => {
    const { listingId } = await list(40);
    await sales.created({ marketplaceOrderId: 'g-1', listingId, quantity: 40 });
    expect(await left(listingId)).toBe(0);
    await sales.canceled('g-1');
    expect(await left(listingId)).toBe(40);
    expect(await orderOf('g-1')).toMatchObject({ status: 'CANCELED', paid: { amountMinor: 0 } });
  });

  it('takes nothing back that the host has settled before', async () => {
    const { listingId, tickets } = await list(2);
    await sales.created({ marketplaceOrderId: 'h-1', listingId, quantity: 2 });
    const { orderId = 0 } = (await sales.find('h-1')) ?? {};
    const given = tickets[1]?.eventTicketId;
    await world.post(`/v1/orders/${orderId}/refund`, { eventTicketIds: [given] });
    await sales.canceled('h-1');
    const order = await orderOf('h-1');
    expect(order).toMatchObject({ status: 'CANCELED', paid: { amountMinor: 0 } });
    const settled = order.transactions.filter(
      ({ kind }: { readonly kind: string }) => kind === 'HOST_SETTLES',
    );
    expect(
      settled.map(({ amount }: { readonly amount: { amountMinor: number } }) => amount.amountMinor),
    ).toEqual([4000, 4000]);
    expect(await left(listingId)).toBe(2);
  });

  it('gives back what the buyer paid the host for another type, too', async () => {
    const { listingId, tickets } = await list(1);
    await sales.created({ marketplaceOrderId: 'm-1', listingId });
    const { orderId = 0 } = (await sales.find('m-1')) ?? {};
    const to = await world.newType(event.eventId, {
      name: 'Balcony',
      price: { amountMinor: 5000, currency: 'EUR' },
    });
    const path = `${event.eventUrl}/order/${orderId}/transfer-event-ticket`;
    const exchanged = await world.organizers(`PUT /rest/host/event/${path}`, {
      key: world.key,
      body: {
        eventTicketId: tickets[0]?.eventTicketId,
        newTicketTypeId: to,
        sentMailToAttendee: false,
        orderId,
        paymentDetails: { paymentType: 'CASH', amount: 10 },
      },
    });
    expect(exchanged.status).toBe(200);
    expect(await orderOf('m-1')).toMatchObject({ paid: { amountMinor: 5000 } });
    await sales.canceled('m-1');
    const order = await orderOf('m-1');
    expect(order).toMatchObject({ status: 'CANCELED', paid: { amountMinor: 0 } });
    const moved = order.transactions.map(
      (entry: { readonly kind: string; readonly amount: { readonly amountMinor: number } }) =>
        `${entry.kind} ${entry.amount.amountMinor}`,
    );
    expect(moved.toSorted()).toEqual([
      'HOST_SETTLES 4000',
      'PAYMENT 1000',
      'PAYMENT 4000',
      'REFUND 1000',
    ]);
    expect(await left(listingId)).toBe(1);
    const back = await ticket(tickets[0]?.eventTicketId);
    expect(back).toMatchObject({ ticketTypeId: to, status: 'REGISTERED' });
  });

  it('leaves what the host had canceled canceled, and takes its money back', async () => {
    const { listingId, tickets } = await list(2);
    await sales.created({ marketplaceOrderId: 'i-1', listingId, quantity: 2 });
    await world.post(`/v1/tickets/${tickets[0]?.eventTicketId}/cancel`);
    await sales.canceled('i-1');
    expect(await left(listingId)).toBe(1);
    expect(await ticket(tickets[0]?.eventTicketId)).toMatchObject({ status: 'CANCELED' });
    expect(await orderOf('i-1')).toMatchObject({ status: 'CANCELED', paid: { amountMinor: 0 } });
  });

  it('gives stock back where the listing was closed, and the host may list it anew', async () => {
    const { listingId, tickets } = await list(1);
    await sales.created({ marketplaceOrderId: 'j-1', listingId });
    const { organizationId } = world;
    await closeListing(calls.deps, {
      organizationId,
      listingId,
      ifMatch: undefined,
      nowMs: clock.nowMs,
    });
    await sales.canceled('j-1');
    const listed = await calls.list([tickets[0]?.eventTicketId ?? 0]);
    expect(listed).toMatchObject({ ok: true });
    expect(await left(listed.ok ? listed.value.listing.listingId : '')).toBe(1);
  });

  it('adds up in the event’s report', async () => {
    const { items } = await report();
    const sum = (kind: string): number =>
      items
        .filter(
          (line: { readonly kind: string; readonly paymentType: string }) => line.kind === kind,
        )
        .filter(({ paymentType }: { readonly paymentType: string }) => paymentType === 'AXS')
        .reduce(
          (total: number, { amount }: { readonly amount: { amountMinor: number } }) =>
            total + amount.amountMinor,
          0,
        );
    // One admitted ticket stayed paid.
    expect(sum('PAYMENT') - sum('HOST_SETTLES')).toBe(4000);
  });
});
