// What an import's tickets say, put back into the columns of its file: for a report after the upload was deleted.
import type { Contact } from '../../domain/contact.ts';
import type { ImportField } from '../../domain/imports/fields.ts';
import type { Import } from '../../domain/imports/import.ts';
import { toCurrencyDigits } from '../../domain/imports/price.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { present } from '../../domain/assert.ts';
import type { ContactStore } from '../contact-ports.ts';
import type { EventStore } from '../event-ports.ts';

export interface TicketCellsDeps {
  readonly events: EventStore;
  readonly contacts: Pick<ContactStore, 'findAll'>;
}

/** Contacts read at once (DynamoDB quota). */
const CONTACTS_AT_ONCE = 100;

/**
 * Columns that the ticket keeps nothing of are empty; what it keeps in its note stands in the note's column, if the file
 * has one. A name in two columns stands in the first of them.
 */
export async function openTicketCells(deps: TicketCellsDeps, found: Import, width: number) {
  const { organizationId, eventId } = found;
  const [event, types] = await Promise.all([
    deps.events.find(organizationId, eventId),
    deps.events.listTicketTypes(organizationId, eventId),
  ]);
  const digits = toCurrencyDigits(present(event, 'an import has its event').event.currency);
  const typeNames = new Map(types.map(({ type }) => [type.ticketTypeId, type.name]));
  const columns = present(found.mapping, 'an import that ran has a mapping').columns;
  const hasWholeName = columns.some(({ field }) => field === 'name');

  const toCell = (field: ImportField, ticket: Ticket, contact: Contact | undefined): string => {
    switch (field) {
      case 'barcode':
      case 'section':
      case 'row':
      case 'seat':
      case 'note':
        return ticket[field] ?? '';
      case 'name':
        return ticket.holderName ?? '';
      case 'firstName':
        return hasWholeName ? '' : (ticket.holderName ?? '');
      case 'email':
        return contact?.email ?? '';
      case 'ticketType':
        return typeNames.get(ticket.ticketTypeId) ?? '';
      case 'price':
        return ticket.priceMinor === undefined
          ? ''
          : (ticket.priceMinor / 10 ** digits).toFixed(digits);
      case 'lastName':
      case 'orderReference':
      case 'invalidated':
      case 'origin':
      case 'other':
        return '';
    }
  };

  return async (tickets: readonly Ticket[]): Promise<(readonly string[])[]> => {
    const contacts = await loadContacts(deps, organizationId, tickets);
    return tickets.map((ticket) => {
      const cells = Array.from({ length: width }, () => '');
      const contact = ticket.contactId === undefined ? undefined : contacts.get(ticket.contactId);
      for (const { index, field } of columns) {
        if (index < width) cells[index] = toCell(field, ticket, contact);
      }
      return cells;
    });
  };
}

async function loadContacts(
  { contacts }: TicketCellsDeps,
  organizationId: string,
  tickets: readonly Ticket[],
): Promise<ReadonlyMap<string, Contact>> {
  const ids = [...new Set(tickets.flatMap(({ contactId }) => contactId ?? []))];
  const found = new Map<string, Contact>();
  for (let from = 0; from < ids.length; from += CONTACTS_AT_ONCE) {
    const some = await contacts.findAll(organizationId, ids.slice(from, from + CONTACTS_AT_ONCE));
    for (const [contactId, contact] of some) found.set(contactId, contact);
  }
  return found;
}
