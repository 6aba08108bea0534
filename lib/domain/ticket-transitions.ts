// What an organizer may do to a single ticket: from which standing, to which, and what bars it. The same constants make
// the decision here and the condition of the write in lib/table/ticket-change-store.ts.
import type { HistoryAction } from './history.ts';
import type { RefusalCode } from './refusals.ts';
import type { Standing, Ticket } from './ticket.ts';

/** `hold`: whoever holds the ticket may buy it at any moment. `lock`: it is offered at TicketSwap. */
export type Bar = 'hold' | 'lock';

interface TicketTransition {
  readonly from: readonly Standing[];
  /** Of the item with the barcode that the change begins with. */
  readonly to: Standing;
  readonly action: HistoryAction;
  readonly refusal: RefusalCode;
  readonly barredBy: readonly Bar[];
}

/**
 * Unblocking restores what was before, because a block leaves the rest of the admission record alone. A reissue
 * retires the barcode, the ticket lives on under another one as it was, admissions and a block included.
 */
export const TICKET_TRANSITIONS = {
  block: {
    from: ['ACTIVE'],
    to: 'BLOCKED',
    action: 'BLOCKED',
    refusal: 'not_blockable',
    barredBy: ['hold'],
  },
  unblock: {
    from: ['BLOCKED'],
    to: 'ACTIVE',
    action: 'UNBLOCKED',
    refusal: 'not_blockable',
    barredBy: [],
  },
  reissue: {
    from: ['ACTIVE', 'BLOCKED'],
    to: 'REPLACED',
    action: 'REISSUED',
    refusal: 'not_reissuable',
    barredBy: ['hold', 'lock'],
  },
} as const satisfies Record<string, TicketTransition>;
export type TicketChange = keyof typeof TICKET_TRANSITIONS;

export const toTransition = (change: TicketChange): TicketTransition => TICKET_TRANSITIONS[change];

export type TransitionDecision =
  | { readonly as: 'change' }
  /** The ticket is already what it should become: nothing to do, and nothing to refuse. */
  | { readonly as: 'done' }
  | { readonly as: 'refused'; readonly code: RefusalCode; readonly detail: string };

export function decideTransition(
  ticket: Pick<Ticket, 'standing' | 'heldUntilMs' | 'lockedBy'>,
  change: TicketChange,
  nowMs: number,
): TransitionDecision {
  const { from, to, refusal, barredBy } = toTransition(change);
  const no = (detail: string) => ({ as: 'refused', code: refusal, detail }) as const;
  if (ticket.standing === to) return { as: 'done' };
  if (!from.includes(ticket.standing)) return no(`The ticket is ${ticket.standing}.`);
  if (barredBy.includes('hold') && (ticket.heldUntilMs ?? 0) > nowMs) {
    return no('A marketplace holds the ticket.');
  }
  if (barredBy.includes('lock') && ticket.lockedBy !== undefined) {
    return no('The ticket is offered for resale.');
  }
  return { as: 'change' };
}
