// Which tickets a marketplace has sold: the seats that it named, else those that leave the others together best.
import type { Ticket } from '../ticket.ts';
import { chooseTickets } from './listing.ts';

/** Undefined when they are not to be had. `free` is in the order of seats. */
export function chooseSold(
  free: readonly Ticket[],
  { quantity, seats = [] }: { readonly quantity: number; readonly seats?: readonly string[] },
): readonly Ticket[] | undefined {
  if (!Number.isInteger(quantity) || quantity < 1 || free.length < quantity) return undefined;
  // Without seats of ours their names are the marketplace's own, as for general admission.
  const areNamed = seats.length > 0 && free.some(({ seat }) => seat !== undefined);
  if (!areNamed) return chooseTickets(free, quantity);
  return seats.length === quantity ? findSeats(free, seats) : undefined;
}

/** All of them in one row: a seat's name says nothing of its row. */
function findSeats(free: readonly Ticket[], seats: readonly string[]) {
  const rows = Map.groupBy(free, ({ section, row }) => JSON.stringify([section, row]));
  for (const row of rows.values()) {
    const bySeat = new Map(row.map((ticket) => [ticket.seat?.trim(), ticket]));
    const found = new Set(seats.flatMap((seat) => bySeat.get(seat.trim()) ?? []));
    if (found.size === seats.length) return [...found];
  }
  return undefined;
}
