// Valid things; a test states only what matters to it.
import type { Ticket } from '../../lib/domain/ticket.ts';

let made = 0;
/** An event's body; unique eventUrl unless given. */
export const anEvent = (overrides: Record<string, unknown> = {}) => ({
  eventUrl: `night-${(made += 1)}`,
  name: 'Night',
  startsAt: '2026-06-01T20:00:00+02:00',
  endsAt: '2026-06-02T06:00:00+02:00',
  timezone: 'Europe/Amsterdam',
  currency: 'EUR',
  country: 'NL',
  ...overrides,
});

export const aTicket = (
  overrides: Partial<Ticket> & Pick<Ticket, 'organizationId' | 'eventId'>,
): Ticket => ({
  barcode: `B${(made += 1)}`,
  eventTicketId: 4096 + made,
  ticketTypeId: 7,
  origin: 'IMPORTED',
  standing: 'ACTIVE',
  payment: 'SETTLED',
  checkedIn: false,
  inside: false,
  admissions: 0,
  scanMarks: [],
  createdAtMs: Date.UTC(2026, 4, 1),
  ...overrides,
});
