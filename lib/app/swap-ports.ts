// Resale at TicketSwap, as the use cases see the table.
import type { Swap } from '../domain/swaps/swap.ts';
import type { Answers } from '../domain/swaps/personalization.ts';
import type { Ticket } from '../domain/ticket.ts';
import type { Buyer } from './contact-ports.ts';

export interface NewSwap {
  readonly swap: Swap;
  readonly buyer: Buyer;
  readonly nowMs: number;
}

export interface SwapStore {
  /** One strongly consistent read; a barcode that was retired is found too. */
  readonly find: (organizationId: string, barcode: string) => Promise<Ticket | undefined>;
  /** Says that the ticket is for sale at a marketplace. Answers false when it is no longer as it was read. */
  readonly lock: (
    ticket: Ticket,
    made: { readonly lockedBy: string; readonly nowMs: number },
  ) => Promise<boolean>;
  /** Repeat-safe; a lock of somebody else stays. */
  readonly unlock: (ticket: Ticket, lockedBy: string) => Promise<void>;
  /** All or nothing. Answers false when a fact is another by now, or an id is taken: decide again. */
  readonly commit: (swap: NewSwap) => Promise<boolean>;
  readonly loadAnswers: (
    organizationId: string,
    eventTicketId: number,
  ) => Promise<Answers | undefined>;
  /** Replaces what was answered before. Answers false when the ticket or its buyer is no longer as it was read. */
  readonly saveAnswers: (ticket: Ticket, answers: Answers) => Promise<boolean>;
}
