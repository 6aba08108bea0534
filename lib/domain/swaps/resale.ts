// Whether a ticket may be resold at TicketSwap with a new barcode (product.md section 6). `decideResale` is the whole
// rule; a swap's transaction in lib/table/swap-store.ts states the same facts.
import type { Event, TicketTypeSettings } from '../event.ts';
import type { Organization } from '../organization.ts';
import type { RefusalCode } from '../refusals.ts';
import type { Ticket } from '../ticket.ts';

/** What stands against a resale, in the order in which it is told. */
export const RESALE_BARS = [
  'swapped',
  'canceled',
  'admitted',
  'blocked',
  'balanceDue',
  'held',
  'bundle',
  'eventOver',
  'switchedOff',
  'imported',
  'refunded',
] as const;
export type ResaleBar = (typeof RESALE_BARS)[number];

export interface ResaleFacts {
  readonly ticket: Pick<
    Ticket,
    'standing' | 'admissions' | 'payment' | 'heldUntilMs' | 'origin' | 'admittedElsewhereMs'
  >;
  readonly event: Pick<Event, 'secureSwap' | 'endsAt'>;
  readonly organization: Pick<Organization, 'secureSwap'>;
  readonly kind: TicketTypeSettings['kind'];
  /** Everything that was paid for it was given back; it admits as a courtesy. */
  readonly isRefunded: boolean;
}

export interface Resale {
  /** The barcode is good at the gate. */
  readonly valid: boolean;
  /** The barcode may be replaced. */
  readonly swappable: boolean;
  readonly bar?: ResaleBar;
}

/** With these the barcode as it is admits, so its ticket can still be resold: with the barcode that it has. */
const VALID_BARS: readonly ResaleBar[] = [
  'held',
  'bundle',
  'eventOver',
  'switchedOff',
  'imported',
  'refunded',
];
/** Against these TicketSwap may still list the ticket: it is resold with its own barcode. */
const LOCKABLE_BARS: readonly (ResaleBar | undefined)[] = [undefined, 'switchedOff', 'imported'];

const CODES: Readonly<Record<ResaleBar, RefusalCode>> = {
  swapped: 'ticket_already_swapped',
  canceled: 'order_cancelled',
  admitted: 'ticket_already_scanned',
  blocked: 'resell_not_allowed',
  balanceDue: 'resell_not_allowed',
  held: 'resell_not_allowed',
  bundle: 'resell_not_allowed',
  eventOver: 'resell_not_allowed',
  switchedOff: 'resell_not_allowed',
  imported: 'resell_not_allowed',
  refunded: 'resell_not_allowed',
};
export const toResaleCode = (bar: ResaleBar): RefusalCode => CODES[bar];

export function decideResale(facts: ResaleFacts, nowMs: number): Resale {
  const bar = findBar(facts, nowMs);
  if (bar === undefined) return { valid: true, swappable: true };
  return { valid: VALID_BARS.includes(bar), swappable: false, bar };
}

/** A lock says that the ticket is for sale at TicketSwap; re-locking is harmless. */
export const isLockable = ({ bar }: Resale): boolean => LOCKABLE_BARS.includes(bar);

function findBar(
  { ticket, event, organization, kind, isRefunded }: ResaleFacts,
  nowMs: number,
): ResaleBar | undefined {
  const { standing } = ticket;
  if (standing === 'SWAPPED' || standing === 'REPLACED') return 'swapped';
  if (standing === 'CANCELED') return 'canceled';
  if (ticket.admissions > 0 || ticket.admittedElsewhereMs !== undefined) return 'admitted';
  if (standing === 'BLOCKED') return 'blocked';
  if (ticket.payment !== 'SETTLED') return 'balanceDue';
  if ((ticket.heldUntilMs ?? 0) > nowMs) return 'held';
  if (kind === 'bundle') return 'bundle';
  if (isOver(event, nowMs)) return 'eventOver';
  if (isRefunded) return 'refunded';
  if (!organization.secureSwap.enabled || !event.secureSwap) return 'switchedOff';
  return ticket.origin === 'IMPORTED' ? 'imported' : undefined;
}

/** As at the door: the last moment is still good. */
export const isOver = ({ endsAt }: Pick<Event, 'endsAt'>, nowMs: number): boolean =>
  nowMs > Date.parse(endsAt);
