// A ticket and its barcode: one item, which is the admission record.

/** What became of a ticket apart from the door; everything but ACTIVE is refused there. */
export const STANDINGS = ['ACTIVE', 'BLOCKED', 'SWAPPED', 'REPLACED', 'CANCELED'] as const;
export type Standing = (typeof STANDINGS)[number];

export const ORIGINS = ['SOLD', 'IMPORTED', 'SWAP'] as const;
export type Origin = (typeof ORIGINS)[number];

/** REPLACED is a barcode whose ticket lives on under another one; a ticket itself never shows it. */
export const TICKET_STATUSES = [
  'REGISTERED',
  'CHECKED_IN',
  'BLOCKED',
  'SWAPPED',
  'CANCELED',
] as const;
export type TicketStatus = (typeof TICKET_STATUSES)[number];

/** NOTHING: something is due and nothing was paid or waived. PARTLY: an open balance. */
export const PAYMENTS = ['SETTLED', 'PARTLY', 'NOTHING'] as const;
export type Payment = (typeof PAYMENTS)[number];

export interface Admission {
  readonly atMs: number;
  readonly deviceId: string;
  readonly gateId?: string;
  /** When the scanner says it scanned; kept, never decided on. */
  readonly scannedAtMs?: number;
}

export interface BeforeEntry {
  readonly inside: boolean;
  readonly checkedIn: boolean;
  readonly reentryGranted: boolean;
  /** The admission before it. */
  readonly admission?: Omit<Admission, 'scannedAtMs'>;
}

export interface Ticket {
  readonly organizationId: string;
  readonly barcode: string;
  readonly eventTicketId: number;
  readonly eventId: string;
  readonly ticketTypeId: number;
  readonly orderId?: number;
  /** The buyer, on tickets whose order has no item of its own (imports). */
  readonly contactId?: string;
  readonly origin: Origin;
  /** Imported with the origin that another organization's export had signed, which is told of admissions. */
  readonly isLinked?: true;
  readonly standing: Standing;
  readonly payment: Payment;
  readonly holderName?: string;
  readonly checkedIn: boolean;
  readonly inside: boolean;
  /** Admissions so far, annulled ones taken off. */
  readonly admissions: number;
  readonly lastAdmission?: Admission;
  /** What the last admission changed, so that an annul can give it back. */
  readonly beforeEntry?: BeforeEntry;
  /** After an entry that followed it only its time is known. */
  readonly lastExit?: Omit<Admission, 'scannedAtMs'>;
  /** When the newest scan was annulled; gone with the next entry. */
  readonly annulledAtMs?: number;
  /**
   * One entry is granted although the ticket was admitted (an exchange grants it, together with `checkedIn: false`).
   * The entry uses it up; `inside` stays, so that it doesn't count the person twice.
   */
  readonly reentryGranted?: boolean;
  /** A live binding hold ends here; later than now means HELD. */
  readonly heldUntilMs?: number;
  /** Where the ticket is offered for resale (TicketSwap). */
  readonly lockedBy?: string;
  /** Only on a SWAPPED ticket: the one that its buyer got instead. */
  readonly successor?: { readonly eventTicketId: number; readonly barcode: string };
  /** Only on a ticket that came of a swap: the one that was resold. */
  readonly predecessorId?: number;
  /** Admitted by another organization, which imported the barcode with its origin. */
  readonly admittedElsewhereMs?: number;
  /** Only on a REPLACED barcode: the one under which the ticket lives on. Never told at the door. */
  readonly replacedBy?: string;
  /** Its type was exchanged: an import that made it can't take it back any more. */
  readonly isExchanged?: boolean;
  /** A marketplace sold it: it is its buyer's, and no import can take it back either. */
  readonly isSold?: true;
  /** How often the ticket got another barcode of ours. */
  readonly reissues?: number;
  /** The last scans as `toScanMark` writes them, newest first. */
  readonly scanMarks: readonly string[];
  /** The row of the import that made this ticket, counted from 1. */
  readonly importId?: string;
  readonly importRow?: number;
  readonly priceMinor?: number;
  readonly section?: string;
  readonly row?: string;
  readonly seat?: string;
  readonly note?: string;
  readonly createdAtMs: number;
}

export function toTicketStatus(ticket: Pick<Ticket, 'standing' | 'checkedIn'>): TicketStatus {
  if (ticket.standing === 'ACTIVE') return ticket.checkedIn ? 'CHECKED_IN' : 'REGISTERED';
  return ticket.standing === 'REPLACED' ? 'CANCELED' : ticket.standing;
}

/** Longest holder name in UTF-8 (product.md section 10); a longer one is cut between characters. */
export const HOLDER_NAME_BYTES_MAX = 80;

/** The name as it fits on a ticket: at most 80 bytes, never half a character. */
export function toHolderName(name: string): string {
  const segments = new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(name);
  let fitting = '';
  for (const { segment } of segments) {
    if (Buffer.byteLength(fitting + segment) > HOLDER_NAME_BYTES_MAX) break;
    fitting += segment;
  }
  return fitting;
}
