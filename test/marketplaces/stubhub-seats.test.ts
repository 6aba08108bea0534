// StubHub names the seats of a sale by the first and the last of them.
import { expect, it } from 'vitest';
import { stubhub } from '../../lib/marketplaces/stubhub.ts';

function readSeats(seating: unknown, quantity = 3) {
  const sale = { id: 77, status: 'ConfirmSale', number_of_tickets: quantity, seating };
  const told = stubhub.parseSale({ status: 200, body: JSON.stringify(sale) }, 'EUR');
  expect(told).toMatchObject({ sale: { marketplaceOrderId: '77', quantity } });
  return typeof told === 'object' ? told.sale.seats : undefined;
}

it.each([
  [{ section: 'A', row: '1', seat_from: '9', seat_to: '11' }],
  [{ seat_from: 9, seat_to: 11 }],
  [{ seat_from: ' 9', seat_to: '11 ' }],
])('takes the seats that were sold: %j', (seating) => {
  expect(readSeats(seating)).toEqual(['9', '10', '11']);
});

it('takes a single seat', () => {
  expect(readSeats({ seat_from: '7', seat_to: '7' }, 1)).toEqual(['7']);
});

it.each([
  [undefined],
  [null],
  ['9-11'],
  [{ section: 'A', row: '1' }],
  [{ seat_from: null, seat_to: null }],
  [{ seat_from: '', seat_to: '' }],
  // Only the odd ones, from behind, of another number, or with names of their own.
  [{ seat_from: '1', seat_to: '5' }],
  [{ seat_from: '11', seat_to: '9' }],
  [{ seat_from: '9', seat_to: '10' }],
  [{ seat_from: '09', seat_to: '11' }],
  [{ seat_from: 'A9', seat_to: 'A11' }],
  [{ seat_from: 8.5, seat_to: 10.5 }],
])('passes over what names no seats: %j', (seating) => {
  expect(readSeats(seating)).toBeUndefined();
});
