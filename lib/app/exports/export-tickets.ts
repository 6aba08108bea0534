// The export of all tickets of an event, by id; whatever became of them.
import { present } from '../../domain/assert.ts';
import { TICKET_FACTS, TICKET_HEADER, toTicketLine } from '../../domain/ticket-export.ts';
import type { EventStore } from '../event-ports.ts';
import type { EventIds, EventTicketReader } from '../export-ports.ts';
import type { ExportTable } from './export-table.ts';

export interface TicketsDeps {
  readonly events: Pick<EventStore, 'find' | 'listTicketTypes'>;
  readonly eventTickets: EventTicketReader;
}

export const toTicketsTable = (deps: TicketsDeps, ids: EventIds): ExportTable => ({
  facts: TICKET_FACTS,
  header: TICKET_HEADER,
  async *read() {
    const [found, types] = await Promise.all([
      deps.events.find(ids.organizationId, ids.eventId),
      deps.events.listTicketTypes(ids.organizationId, ids.eventId),
    ]);
    const { currency } = present(found, 'an export has its event').event;
    const names = new Map(types.map(({ type }) => [type.ticketTypeId, type.name]));
    for await (const ticket of deps.eventTickets.read(ids)) {
      const ticketTypeName = names.get(ticket.ticketTypeId) ?? '';
      yield toTicketLine(ticket, { ticketTypeName, currency });
    }
  },
});
