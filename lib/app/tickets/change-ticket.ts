// Changes a single ticket's standing: read, decide, and one transaction that states every fact that was decided on.
// A change that is done already is answered like one that was just made, so that a repeat does no harm.
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { decideTransition, type TicketChange } from '../../domain/ticket-transitions.ts';
import { toNewBarcode } from '../ids.ts';
import type { TicketChangeStore, TicketStore } from '../ticket-ports.ts';

export interface ChangeTicketDeps {
  readonly tickets: Pick<TicketStore, 'find'>;
  readonly changes: TicketChangeStore;
}

/** Each further try follows another writer's change of this very ticket. */
const TRIES_MAX = 20;

/** Refuses `not_found`, the code of the transition and `unavailable`. */
export async function changeTicket(
  deps: ChangeTicketDeps,
  input: {
    readonly organizationId: string;
    readonly eventTicketId: number;
    readonly change: TicketChange;
    readonly by: string;
    readonly nowMs: number;
  },
): Promise<Result<Ticket>> {
  const { organizationId, eventTicketId, change, by, nowMs } = input;
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const ticket = await deps.tickets.find(organizationId, eventTicketId);
    if (ticket === undefined) return refuse('not_found');
    const decision = decideTransition(ticket, change, nowMs);
    if (decision.as === 'done') return ok(ticket);
    if (decision.as === 'refused') return refuse(decision.code, { detail: decision.detail });
    const made = { change, by, nowMs };
    const outcome =
      change === 'reissue'
        ? await deps.changes.reissue(ticket, { ...made, barcode: toNewBarcode() })
        : await deps.changes.commit(ticket, made);
    if (outcome.as === 'committed') return ok(outcome.ticket);
    if (outcome.as === 'busy') break;
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}
