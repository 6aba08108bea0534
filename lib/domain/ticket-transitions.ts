// What an organizer may do to a single ticket: from which standing, to which, and what bars it. The same constants make
// the decision here and the condition of the write in lib/table/ticket-change-store.ts.
import type { HistoryAction } from './history.ts';
import type { RefusalCode } from './refusals.ts';
import type { Standing, Ticket } from './ticket.ts';

interface TicketTransition {
  readonly from: readonly Standing[];
  readonly to: Standing;
  readonly action: HistoryAction;
  readonly refusal: RefusalCode;
  /** Whether a live binding hold bars it: whoever holds the ticket may buy it at any moment. */
  readonly isBarredByHold: boolean;
}

/** Unblocking restores what was before, because a block leaves the rest of the admission record alone. */
export const TICKET_TRANSITIONS = {
  block: {
    from: ['ACTIVE'],
    to: 'BLOCKED',
    action: 'BLOCKED',
    refusal: 'not_blockable',
    isBarredByHold: true,
  },
  unblock: {
    from: ['BLOCKED'],
    to: 'ACTIVE',
    action: 'UNBLOCKED',
    refusal: 'not_blockable',
    isBarredByHold: false,
  },
} as const satisfies Record<string, TicketTransition>;
export type TicketChange = keyof typeof TICKET_TRANSITIONS;

export type TransitionDecision =
  | { readonly as: 'change' }
  /** The ticket is already what it should become: nothing to do, and nothing to refuse. */
  | { readonly as: 'done' }
  | { readonly as: 'refused'; readonly code: RefusalCode; readonly detail: string };

export function decideTransition(
  ticket: Pick<Ticket, 'standing' | 'heldUntilMs'>,
  change: TicketChange,
  nowMs: number,
): TransitionDecision {
  const { from, to, refusal, isBarredByHold } = TICKET_TRANSITIONS[change] as TicketTransition;
  if (ticket.standing === to) return { as: 'done' };
  if (!from.includes(ticket.standing)) {
    return { as: 'refused', code: refusal, detail: `The ticket is ${ticket.standing}.` };
  }
  if (isBarredByHold && (ticket.heldUntilMs ?? 0) > nowMs) {
    return { as: 'refused', code: refusal, detail: 'A marketplace holds the ticket.' };
  }
  return { as: 'change' };
}
