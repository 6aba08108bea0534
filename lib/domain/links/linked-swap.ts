// A swap (or reissue) in another organization, as it shows in the one that imported the ticket: the barcode that was
// imported is retired, the next one is a ticket that goes on with what the door knows. Nothing but the barcode comes from
// over there.
import type { Ticket } from '../ticket.ts';
import type { Origin } from './origin-token.ts';

/** What followed a barcode in its own organization: another ticket after a swap, the same one after a reissue. */
export interface NextBarcode {
  readonly eventTicketId: number;
  readonly barcode: string;
}

/** Undefined while the barcode is the newest one of its ticket. */
export function findNext({
  eventTicketId,
  successor,
  replacedBy,
}: Pick<Ticket, 'eventTicketId' | 'successor' | 'replacedBy'>): NextBarcode | undefined {
  if (successor !== undefined) return successor;
  return replacedBy === undefined ? undefined : { eventTicketId, barcode: replacedBy };
}

/** One organization's barcode of a ticket of another one. */
export interface Link {
  readonly origin: Origin;
  /** Who imported it. */
  readonly organizationId: string;
  /** The newest barcode of the origin that this organization knows. */
  readonly barcode: string;
}

export interface LinkedSwap {
  readonly link: Link;
  readonly next: NextBarcode;
  /** Of the importing organization, as it was read, and retired. */
  readonly ticket: Ticket;
  readonly retired: Ticket;
  readonly newTicket: Ticket;
  /** The next barcode is a ticket already, because it was imported too: as it was read, under its newest barcode. */
  readonly existing?: Ticket;
}

/** A ticket that is gone or over is followed no further. */
export const isFollowed = (ticket: Ticket | undefined): ticket is Ticket =>
  ticket?.isLinked === true && (ticket.standing === 'ACTIVE' || ticket.standing === 'BLOCKED');

export function toLinkedSwap({
  link,
  next,
  ticket,
  existing,
  made,
}: Pick<LinkedSwap, 'link' | 'next' | 'ticket'> & {
  readonly existing: Ticket | undefined;
  readonly made: { readonly eventTicketId: number; readonly nowMs: number };
}): LinkedSwap {
  // One that was admitted too keeps its own admission, and the old one what it has: both happened. So does one that the
  // host has imported into another event: who came into the one hasn't come into the other.
  const isHandedOn =
    existing === undefined || (existing.admissions === 0 && existing.eventId === ticket.eventId);
  const before = existing ?? toNewTicket(ticket, { ...made, barcode: next.barcode });
  const newTicket = {
    ...before,
    isLinked: true,
    ...(isHandedOn ? toDoorFacts(ticket) : {}),
  } as const;
  const { eventTicketId, barcode } = newTicket;
  const successor = { eventTicketId, barcode };
  const { heldUntilMs: _held, lockedBy: _locked, ...rest } = isHandedOn ? toUnused(ticket) : ticket;
  return {
    link,
    next,
    ticket,
    retired: { ...rest, standing: 'SWAPPED', successor },
    newTicket,
    ...(existing === undefined ? {} : { existing }),
  };
}

/** Holder, buyer and note were the seller's; the place, the type and a block stay. */
function toNewTicket(
  ticket: Ticket,
  made: { readonly eventTicketId: number; readonly barcode: string; readonly nowMs: number },
): Ticket {
  const { eventTicketId, barcode, nowMs } = made;
  const { priceMinor, section, row, seat } = ticket;
  return {
    organizationId: ticket.organizationId,
    eventId: ticket.eventId,
    barcode,
    eventTicketId,
    ticketTypeId: ticket.ticketTypeId,
    orderId: eventTicketId,
    origin: 'IMPORTED',
    standing: ticket.standing,
    payment: 'SETTLED',
    checkedIn: false,
    inside: false,
    admissions: 0,
    predecessorId: ticket.eventTicketId,
    scanMarks: [],
    ...(priceMinor === undefined ? {} : { priceMinor }),
    ...(section === undefined ? {} : { section }),
    ...(row === undefined ? {} : { row }),
    ...(seat === undefined ? {} : { seat }),
    createdAtMs: nowMs,
  };
}

/**
 * An admission goes along, so that the next barcode is refused as used and attendance counts one. It can't be annulled
 * under another barcode, and marks of scans stay behind: scan ids are unique for each barcode.
 */
const toDoorFacts = (ticket: Ticket) => ({
  checkedIn: ticket.checkedIn,
  inside: ticket.inside,
  admissions: ticket.admissions,
  ...(ticket.lastAdmission === undefined ? {} : { lastAdmission: ticket.lastAdmission }),
  ...(ticket.lastExit === undefined ? {} : { lastExit: ticket.lastExit }),
});

function toUnused({
  lastAdmission: _admission,
  lastExit: _exit,
  beforeEntry: _before,
  annulledAtMs: _annulled,
  reentryGranted: _granted,
  ...rest
}: Ticket): Ticket {
  return { ...rest, admissions: 0, checkedIn: false, inside: false };
}
