// The export of all tickets of an event, by id; whatever became of them.
import { present } from '../../domain/assert.ts';
import { TICKET_FACTS, TICKET_HEADER, toTicketLine } from '../../domain/ticket-export.ts';
import type { EventStore } from '../event-ports.ts';
import type { EventIds, EventTicketReader } from '../export-ports.ts';
import type { FileTable } from './write-file.ts';

export interface TicketsDeps {
  readonly events: Pick<EventStore, 'find' | 'listTicketTypes'>;
  readonly eventTickets: EventTicketReader;
}

export const toTicketsTable = (deps: TicketsDeps, ids: EventIds): FileTable => ({
  facts: TICKET_FACTS,
  header: TICKET_HEADER,
  source: 'tickets',
  async *read(after) {
    const [found, types] = await Promise.all([
      deps.events.find(ids.organizationId, ids.eventId),
      deps.events.listTicketTypes(ids.organizationId, ids.eventId),
    ]);
    const { currency } = present(found, 'an export has its event').event;
    const names = new Map(types.map(({ type }) => [type.ticketTypeId, type.name]));
    for await (const { items, next } of deps.eventTickets.read(ids, after)) {
      const lines = items.map((ticket) => {
        const ticketTypeName = names.get(ticket.ticketTypeId) ?? '';
        return toTicketLine(ticket, { ticketTypeName, currency });
      });
      yield { lines, next };
    }
  },
});
