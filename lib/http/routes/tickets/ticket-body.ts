// A ticket as the organizer sees it.
import * as z from 'zod';
import type { EventStore } from '../../../app/event-ports.ts';
import type { TicketStore } from '../../../app/ticket-ports.ts';
import { HISTORY_ACTIONS, type HistoryEntry } from '../../../domain/history.ts';
import { type Result, ok, refuse } from '../../../domain/result.ts';
import { ORIGINS, TICKET_STATUSES, type Ticket, toTicketStatus } from '../../../domain/ticket.ts';
import { $NumericId } from '../../schemas.ts';
import { $Money } from '../organizers/bodies.ts';

export const $Ticket = z
  .object({
    eventTicketId: $NumericId,
    eventId: z.string(),
    orderId: z.exactOptional($NumericId),
    ticketTypeId: $NumericId,
    barcode: z.string(),
    status: z.enum(TICKET_STATUSES),
    origin: z.enum(ORIGINS),
    holderName: z.string().exactOptional(),
    admissions: z.int(),
    inside: z.boolean(),
    /** The marketplace where it is for sale. */
    lockedBy: z.string().exactOptional(),
    /** The ticket that the buyer of a resold one got, and the one that this came of. */
    successorId: z.exactOptional($NumericId),
    predecessorId: z.exactOptional($NumericId),
    importId: z.string().exactOptional(),
    importRow: z.int().exactOptional(),
    price: $Money.exactOptional(),
    section: z.string().exactOptional(),
    row: z.string().exactOptional(),
    seat: z.string().exactOptional(),
    note: z.string().exactOptional(),
    createdAt: z.string(),
  })
  .meta({ id: 'Ticket' });

export const toTicketBody = (ticket: Ticket, currency: string) => ({
  ...ticket,
  status: toTicketStatus(ticket),
  ...(ticket.successor === undefined ? {} : { successorId: ticket.successor.eventTicketId }),
  ...(ticket.priceMinor === undefined
    ? {}
    : { price: { amountMinor: ticket.priceMinor, currency } }),
  createdAt: new Date(ticket.createdAtMs).toISOString(),
});

/** Newest first; older entries than these are kept and not shown. */
const HISTORY_ENTRIES_MAX = 100;

export const $TicketDetails = $Ticket
  .extend({
    history: z.array(
      z.object({
        at: z.string(),
        action: z.enum(HISTORY_ACTIONS),
        by: z.string(),
        details: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
          .exactOptional(),
      }),
    ),
  })
  .meta({ id: 'TicketDetails' });

export interface ReadDeps {
  readonly events: Pick<EventStore, 'find'>;
  readonly tickets: Pick<TicketStore, 'loadHistory'>;
}

/** Refuses `not_found` for a ticket whose event is gone. */
export async function readDetails(
  deps: ReadDeps,
  ticket: Ticket,
): Promise<Result<z.output<typeof $TicketDetails>>> {
  const { organizationId, eventId, eventTicketId } = ticket;
  const [found, history] = await Promise.all([
    deps.events.find(organizationId, eventId),
    deps.tickets.loadHistory(organizationId, eventTicketId, HISTORY_ENTRIES_MAX),
  ]);
  if (found === undefined) return refuse('not_found');
  return ok({
    ...toTicketBody(ticket, found.event.currency),
    history: history.map(toEntryBody),
  });
}

const toEntryBody = ({ atMs, ...entry }: HistoryEntry) => ({
  ...entry,
  at: new Date(atMs).toISOString(),
});
