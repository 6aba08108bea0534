import { describe, expect, it } from 'vitest';
import { GOLDEN_FEES } from '../support/exchange-world.ts';
import { createOrderWorld, type EventToSell } from '../support/order-world.ts';

const world = await createOrderWorld();
const { post } = world;
const money = (amountMinor: number, currency = 'EUR') => ({ amountMinor, currency });
const codeOf = (reply: { status: number; body: { code?: string } }) => [
  reply.status,
  reply.body.code,
];
const pointersOf = (reply: { body: { errors?: { pointer: string }[] } }) =>
  (reply.body.errors ?? []).map(({ pointer }) => pointer);
const settlePath = (event: EventToSell, orderId: number) =>
  `/rest/host/event/${event.eventUrl}/order/${orderId}/settle` as const;

const sold = async (quantity = 2, more: Record<string, unknown> = {}) => {
  const event = await world.newEvent();
  const items = [{ ticketTypeId: event.typeId, quantity }];
  const sale = { items, payment: { paymentType: 'CASH' }, ...more };
  const { body } = await world.sell(event, sale);
  return { event, order: body, path: `/v1/orders/${body.orderId}` as const };
};

describe('POST /rest/host/event/{eventUrl}/order/{orderId}/settle', () => {
  const unpaid = async (quantity = 2) => sold(quantity, { payment: undefined });

  it('200 marks as paid, with what the host says about it', async () => {
    const { event, order } = await unpaid(1);
    const body = {
      action: 'MARK_AS_PAID',
      amount: 25,
      paymentType: 'BANK',
      note: 'By bank',
      transactionId: 'NL-1',
      paymentDate: '2026-06-01',
    };
    expect(await post(settlePath(event, order.orderId), body)).toMatchObject({
      status: 200,
      body: {
        status: 'PAID',
        balance: money(0),
        transactions: [
          {
            kind: 'PAYMENT',
            paymentType: 'BANK',
            amount: money(2500),
            note: 'By bank',
            reference: 'NL-1',
            paidOn: '2026-06-01',
          },
        ],
      },
    });
    const again = await post(settlePath(event, order.orderId), body);
    expect(codeOf(again)).toEqual([409, 'nothing_due']);
  });
  it('200 adjusts without money, one ticket if it is named', async () => {
    const { event, order } = await unpaid();
    const [, second] = order.tickets;
    const body = { action: 'ADJUST', amount: '25.00', eventTicketId: second.eventTicketId };
    const adjusted = await post(settlePath(event, order.orderId), body);
    expect(adjusted.body).toMatchObject({
      status: 'PARTIALLY_PAID',
      transactions: [{ kind: 'WAIVER', amount: money(2500) }],
      tickets: [{ due: money(2500) }, { due: money(0) }],
    });
    expect(await world.scan(event, second.barcode)).toMatchObject({ outcome: 'ADMITTED' });
    expect(codeOf(await post(`/v1/orders/${order.orderId}/refund`))).toEqual([409, 'order_unpaid']);
  });
  it('200 in a currency without decimals and one with three', async () => {
    for (const [currency, amount, amountMinor] of [
      ['JPY', 1500, 1500],
      ['KWD', 1.505, 1505],
    ] as const) {
      const event = await world.newEvent({ currency }, { price: money(amountMinor, currency) });
      const { body: order } = await world.sell(event);
      const body = { action: 'MARK_AS_PAID', amount };
      const reply = await post(settlePath(event, order.orderId), body);
      expect(reply.body).toMatchObject({ status: 'PAID', paid: money(amountMinor, currency) });
    }
  });
  it('200 by card with its fee, the higher one for a card from abroad', async () => {
    await world.organizers('PATCH /v1/organization', {
      key: world.key,
      body: { fees: GOLDEN_FEES },
    });
    // S = 25.00 + 1.50 + 0.88 = 27.38; by card (27.38 + 0.30) / 0.971 = 28.51, from abroad / 0.956 = 28.95.
    for (const [more, amountMinor, feeMinor] of [
      [{ paymentType: 'CARD' }, 2851, 113],
      [{ paymentType: 'card', internationalPayment: false }, 2851, 113],
      [{ paymentType: 'Card', internationalPayment: true }, 2895, 157],
      [{ paymentType: 'CASH', internationalPayment: true }, 2738, 0],
    ] as const) {
      const { event, order } = await unpaid(1);
      const settle = async (minor: number) =>
        post(settlePath(event, order.orderId), {
          action: 'MARK_AS_PAID',
          amount: (minor / 100).toFixed(2),
          ...more,
        });
      expect(pointersOf(await settle(amountMinor + 1))).toEqual(['/amount']);
      const reply = await settle(amountMinor);
      expect(reply.body).toMatchObject({ status: 'PAID', cardFees: money(feeMinor) });
    }
    await world.organizers('PATCH /v1/organization', { key: world.key, body: { fees: null } });
  });
  it('409 for a canceled and a complimentary order', async () => {
    const body = { action: 'MARK_AS_PAID', amount: 1 };
    const canceled = await unpaid();
    await post(`${canceled.path}/cancel`);
    const gift = await sold(1, { payment: { paymentType: 'COMPLIMENTARY' } });
    const codes = [];
    for (const { event, order } of [canceled, gift]) {
      codes.push(codeOf(await post(settlePath(event, order.orderId), body)));
    }
    expect(codes).toEqual([
      [409, 'order_canceled'],
      [409, 'order_complimentary'],
    ]);
  });
  it('422 for more than is due, too many digits and an unknown ticket; 404 under another event', async () => {
    const { event, order } = await unpaid(1);
    const settle = async (more: Record<string, unknown>) =>
      post(settlePath(event, order.orderId), { action: 'MARK_AS_PAID', amount: 1, ...more });
    for (const amount of [25.01, 1.234, 'x', '0.00']) {
      expect(pointersOf(await settle({ amount }))).toEqual(['/amount']);
    }
    expect(pointersOf(await settle({ eventTicketId: 1 }))).toEqual(['/eventTicketId']);
    for (const paymentType of ['IMPORT', 'ticketswap', 'Complimentary']) {
      const pointers = pointersOf(await settle({ amount: 0, paymentType }));
      expect(pointers).toEqual(['/amount', '/paymentType']);
    }
    const other = await world.newEvent();
    const body = { action: 'MARK_AS_PAID', amount: 1 };
    const elsewhere = await post(settlePath(other, order.orderId), body);
    expect(codeOf(elsewhere)).toEqual([404, 'not_found']);
  });
});
