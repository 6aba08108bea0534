// Tickets by the keys of their items, strongly consistent; a note that lies apart is put back on its ticket.
import type { Ticket } from '../domain/ticket.ts';
import { batchGet } from './batch-get.ts';
import { isNoteApart, toNoteKey } from './imported-ticket-item.ts';
import { type Key, padId } from './keys.ts';
import type { TableAccess } from './table-access.ts';
import { fromTicketItem, type TicketItem } from './ticket-item.ts';

export interface TicketEntry extends Key {
  /** The ticket's id, padded. */
  readonly srt: string;
}

/** An entry of a lagging index may lead to no ticket, or to another one with the same barcode: it is left out. */
export const inOrder = (
  entries: readonly TicketEntry[],
  tickets: ReadonlyMap<string, Ticket>,
): Ticket[] =>
  entries.flatMap(({ pk, srt }) => {
    const ticket = tickets.get(pk);
    return ticket !== undefined && padId(ticket.eventTicketId) === srt ? [ticket] : [];
  });

/** As they lie in the table: a note that lies apart stays there. */
export async function loadBareTickets(
  access: TableAccess,
  keys: readonly Key[],
): Promise<ReadonlyMap<string, Ticket>> {
  const items = await batchGet(access, keys);
  return new Map(
    items.map((item) => [String(item['pk']), fromTicketItem(item as unknown as TicketItem)]),
  );
}

/** The tickets that exist, by the partition key of their item. */
export async function loadTickets(
  access: TableAccess,
  keys: readonly Key[],
): Promise<ReadonlyMap<string, Ticket>> {
  const found = [...(await loadBareTickets(access, keys))];
  const apart = found.map(([, ticket]) => ticket).filter(isNoteApart);
  const notes = new Map(
    (await batchGet(access, apart.map(toNoteKey))).map((item) => [
      toText(item),
      String(item['note']),
    ]),
  );
  return new Map(
    found.map(([pk, ticket]) => {
      if (!isNoteApart(ticket)) return [pk, ticket];
      // Between a ticket's write and its note's there is a moment without one.
      const { note: _mark, ...bare } = ticket;
      const note = notes.get(toText(toNoteKey(ticket)));
      return [pk, note === undefined ? bare : { ...bare, note }];
    }),
  );
}

const toText = (key: Readonly<Record<string, unknown>> | Key): string =>
  JSON.stringify([key.pk, key.sk]);
