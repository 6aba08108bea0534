import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseSold } from '../../../lib/domain/marketplaces/choose-sold.ts';
import type { Ticket } from '../../../lib/domain/ticket.ts';
import { aTicket } from '../../support/builders.ts';

const place = (eventTicketId: number, row: string, seat?: string): Ticket => ({
  ...aTicket({ organizationId: 'org_1', eventId: 'evt_1', eventTicketId }),
  row,
  ...(seat === undefined ? {} : { seat }),
});
const seatsOf = (tickets: readonly Ticket[] | undefined) => tickets?.map(({ seat }) => seat);

describe('tickets that a marketplace sold', () => {
  it('are as many as were sold, each free and once, or none', () => {
    const $free = fc
      .uniqueArray(fc.tuple(fc.constantFrom('1', '2'), fc.nat({ max: 9 })), {
        selector: ([row, seat]) => `${row}/${seat}`,
      })
      .map((places) => places.map(([row, seat], at) => place(at + 1, row, String(seat))));
    fc.assert(
      fc.property(
        $free,
        fc.integer({ min: 1, max: 8 }),
        fc.array(fc.nat({ max: 9 }).map(String), { maxLength: 8 }),
        (free, quantity, seats) => {
          const chosen = chooseSold(free, { quantity, seats });
          if (chosen === undefined) {
            const rows = Map.groupBy(free, ({ row }) => row);
            const isThere = [...rows.values()].some((row) =>
              seats.every((seat) => row.some((ticket) => ticket.seat === seat)),
            );
            const areNamed = seats.length > 0;
            const isNamedWell = seats.length === quantity && new Set(seats).size === quantity;
            expect(free.length < quantity || (areNamed && !(isNamedWell && isThere))).toBe(true);
            return;
          }
          expect(new Set(chosen).size).toBe(quantity);
          expect(chosen.every((ticket) => free.includes(ticket))).toBe(true);
          if (seats.length === 0) return;
          expect(new Set(seatsOf(chosen))).toEqual(new Set(seats));
          expect(new Set(chosen.map(({ row }) => row)).size).toBe(1);
        },
      ),
    );
  });

  it('are any where seats of ours have no names', () => {
    const free = [place(1, '1'), place(2, '1'), place(3, '1')];
    expect(chooseSold(free, { quantity: 2, seats: ['GA1', 'GA2'] })).toHaveLength(2);
  });
});
