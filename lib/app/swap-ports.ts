// Resale at TicketSwap, as the use cases see the table.
import type { Answers } from '../domain/swaps/personalization.ts';
import type { Ticket } from '../domain/ticket.ts';

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
  readonly loadAnswers: (
    organizationId: string,
    eventTicketId: number,
  ) => Promise<Answers | undefined>;
  /** Replaces what was answered before. Answers false when the ticket is no longer as it was read. */
  readonly saveAnswers: (ticket: Ticket, answers: Answers) => Promise<boolean>;
}
