// An imported ticket was admitted: its own organization is told, so that it can't be swapped any more. Only the time
// crosses.
import { findNext } from '../../domain/links/linked-swap.ts';
import type { Origin } from '../../domain/links/origin-token.ts';
import type { Ticket } from '../../domain/ticket.ts';
import type { LinkStore } from '../link-ports.ts';

interface TellDeps {
  readonly links: Pick<LinkStore, 'findOrigin' | 'findBarcode' | 'findCurrent' | 'markAdmitted'>;
}

/** Steps from an import to where it comes from, and from a barcode to the one after: far more than there ever are. */
const STEPS_MAX = 200;

/** Repeat-safe. An admission that was annulled meanwhile isn't told. */
export async function tellAdmission(deps: TellDeps, imported: Origin): Promise<void> {
  const origin = await deps.links.findOrigin(imported);
  // Its barcode was swapped meanwhile: the ticket that goes on tells it.
  if (origin === undefined) return;
  const ticket = await deps.links.findCurrent(imported.organizationId, origin.barcode);
  const atMs = ticket?.lastAdmission?.atMs;
  if (ticket?.eventTicketId !== imported.eventTicketId || ticket.admissions === 0) return;
  if (atMs !== undefined) await markOrigin(deps, origin, atMs);
}

/**
 * The newest barcode there; and where that was imported itself, the one that it comes from. Organizations that imported
 * from each other in turn lead in a circle: then none of them has a ticket that could be swapped.
 */
async function markOrigin(
  { links }: TellDeps,
  from: { readonly organizationId: string; readonly barcode: string },
  atMs: number,
): Promise<void> {
  const seen = new Set<string>();
  let at = from;
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    const { organizationId } = at;
    const ticket: Ticket | undefined = await links.findBarcode(organizationId, at.barcode);
    if (ticket === undefined) return;
    const next = findNext(ticket);
    const origin = next === undefined ? await links.findOrigin(ticket) : undefined;
    if (next !== undefined) at = { organizationId, barcode: next.barcode };
    else if (origin !== undefined) {
      const text = `${origin.organizationId} ${origin.barcode}`;
      if (seen.has(text)) return;
      seen.add(text);
      at = origin;
    } else if (ticket.isLinked === true || (await links.markAdmitted(ticket, atMs))) return;
  }
  throw new Error('the origin of an imported ticket changed all the time');
}
