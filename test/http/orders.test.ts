import { describe, expect, it } from 'vitest';
import { createOrderWorld } from '../support/order-world.ts';

const world = await createOrderWorld();
const { organizers, key } = world;
const money = (amountMinor: number, currency = 'EUR') => ({ amountMinor, currency });

describe('a sale', () => {
  it('201 with tickets that the door admits, paid in full', async () => {
    const event = await world.newEvent();
    const sold = await world.sell(event, {
      buyer: { firstName: 'Ada', lastName: 'Lovelace', email: 'Ada@Example.com' },
      items: [{ ticketTypeId: event.typeId, quantity: 2, holders: [{ name: 'Grace' }] }],
      payment: { paymentType: 'CASH' },
    });
    expect(sold).toMatchObject({
      status: 201,
      body: {
        status: 'PAID',
        buyer: { firstName: 'Ada', lastName: 'Lovelace', email: 'Ada@Example.com' },
        total: money(5000),
        paid: money(5000),
        balance: money(0),
        cardFees: money(0),
        transactions: [{ kind: 'PAYMENT', paymentType: 'CASH', amount: money(5000) }],
        tickets: [{ holderName: 'Grace' }, { holderName: 'Ada Lovelace' }],
      },
    });
    const read = await organizers(`GET /v1/orders/${sold.body.orderId}`, { key });
    expect(read.body).toEqual(sold.body);
    for (const ticket of sold.body.tickets) {
      expect(ticket.barcode).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
      expect(await world.scan(event, ticket.barcode)).toMatchObject({ outcome: 'ADMITTED' });
    }
    const stock = await organizers(`GET /v1/events/${event.eventId}`, { key });
    expect(stock.body.sold).toBe(2);
  });
});
