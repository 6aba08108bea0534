// An exchange at the door, and beside others.
import { describe, expect, it } from 'vitest';
import { createExchangeSetup, eur } from '../../support/exchange-setup.ts';

const { world, setup, exchangesOf, readTicket, soldOf } = await createExchangeSetup();

const byNumber = (a: number, b: number): number => a - b;

describe('at the door', () => {
  it('a ticket that was admitted enters again once with the same barcode', async () => {
    const made = await setup();
    const scan = () => world.scan(made.event, made.barcode);
    expect(await scan()).toMatchObject({ outcome: 'ADMITTED' });
    expect(await scan()).toMatchObject({ outcome: 'REFUSED', reason: 'ALREADY_USED' });
    await world.exchange(made);
    expect(await readTicket(made)).toMatchObject({ status: 'REGISTERED', admissions: 1 });
    expect(await scan()).toMatchObject({ outcome: 'ADMITTED', ticket: { ticketTypeId: made.to } });
    expect(await scan()).toMatchObject({ outcome: 'REFUSED', reason: 'ALREADY_USED' });
    expect(await readTicket(made)).toMatchObject({
      status: 'CHECKED_IN',
      admissions: 2,
      history: [
        {
          action: 'EXCHANGED',
          details: {
            wasCheckedIn: true,
            reentryGranted: true,
          },
        },
      ],
    });
  });

  it('a free ticket that became paid is UNPAID until it is settled', async () => {
    const made = await setup({ payment: undefined });
    const free = await world.typeOf(made.event, 0);
    const items = [{ ticketTypeId: free, quantity: 1 }];
    const sold = (await world.sell(made.event, { items })).body;
    const [{ eventTicketId, barcode }] = sold.tickets;
    await world.exchange({ ...made, orderId: sold.orderId, eventTicketId });
    expect(await world.scan(made.event, barcode)).toMatchObject({ reason: 'UNPAID' });
    await world.settle(made.event, sold.orderId, { action: 'MARK_AS_PAID', amount: 10 });
    expect(await world.scan(made.event, barcode)).toMatchObject({
      outcome: 'ADMITTED',
      attention: 'BALANCE_DUE',
    });
    const done = await world.settle(made.event, sold.orderId, { action: 'ADJUST', amount: 12.2 });
    expect(done.body).toMatchObject({ status: 'PAID', balance: eur(0) });
  });
});

describe('at once', () => {
  it('of two hosts with different wishes one succeeds, the other is told to reload', async () => {
    const made = await setup();
    const other = await world.typeOf(made.event, 3000);
    const replies = await Promise.all([
      world.exchange(made),
      world.exchange({ ...made, to: other }),
    ]);
    expect(replies.map(({ status }) => status).toSorted(byNumber)).toEqual([200, 409]);
    const [lost] = replies.filter(({ status }) => status === 409);
    expect(lost?.body.code).toBe('order_changed');
    const sold = await soldOf(made);
    expect(sold[0]).toBe(1);
    expect(sold.slice(1).toSorted(byNumber)).toEqual([0, 0, 1]);
  });

  it('of many with the same wish all succeed, and it is done once', async () => {
    const made = await setup();
    const replies = await Promise.all(Array.from({ length: 6 }, () => world.exchange(made)));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
    expect(await exchangesOf(made)).toBe(1);
    expect(await soldOf(made)).toEqual([1, 0, 1]);
  });

  it('exchanges two tickets of one order without a conflict', async () => {
    const made = await setup();
    const items = [{ ticketTypeId: made.event.typeId, quantity: 4 }];
    const sold = (await world.sell(made.event, { items })).body;
    const replies = await Promise.all(
      sold.tickets.map(({ eventTicketId }: { eventTicketId: number }) =>
        world.exchange({ ...made, orderId: sold.orderId, eventTicketId }),
      ),
    );
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(await world.read(sold.orderId)).toMatchObject({ total: eur(4 * 2220) });
  });

  it('a scan and an exchange leave the ticket registered with its grant, in either order', async () => {
    for (let round = 0; round < 6; round += 1) {
      const made = await setup();
      const [scanned, exchanged] = await Promise.all([
        world.scan(made.event, made.barcode),
        world.exchange(made),
      ]);
      expect([scanned.outcome, exchanged.status]).toEqual(['ADMITTED', 200]);
      // Admitted before: registered again. Admitted after: checked in. Either way one entry is left or used, not two.
      const { status } = await readTicket(made);
      const again = await world.scan(made.event, made.barcode);
      expect(again.outcome).toBe(status === 'REGISTERED' ? 'ADMITTED' : 'REFUSED');
      expect((await world.scan(made.event, made.barcode)).outcome).toBe('REFUSED');
    }
  });
});
