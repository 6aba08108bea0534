// Tickets by the keys of their items, strongly consistent; a note that lies apart is put back on its ticket. Where an
// index still leads to a barcode that was replaced, the ticket is read under the one that it has now.
import type { Ticket } from '../domain/ticket.ts';
import { batchGet } from './batch-get.ts';
import { isNoteApart, toNoteKey } from './imported-ticket-item.ts';
import { barcodeKey, type Key, padId } from './keys.ts';
import type { TableAccess } from './table-access.ts';
import { fromTicketItem, type TicketItem } from './ticket-item.ts';

export interface TicketEntry extends Key {
  /** The ticket's id, padded. */
  readonly srt: string;
}

/**
 * An entry of a lagging index may lead to no ticket, or to another one with the same barcode: it is left out. Two
 * entries may lead to the same ticket while it gets another barcode: it is there once.
 */
export function inOrder(
  entries: readonly TicketEntry[],
  tickets: ReadonlyMap<string, Ticket>,
): Ticket[] {
  const found = new Map<string, Ticket>();
  for (const { pk, srt } of entries) {
    const ticket = tickets.get(pk);
    if (ticket !== undefined && padId(ticket.eventTicketId) === srt) found.set(srt, ticket);
  }
  return [...found.values()];
}

/** The barcodes themselves, replaced ones too. */
export async function loadBarcodes(
  access: TableAccess,
  keys: readonly Key[],
): Promise<readonly Ticket[]> {
  const items = await batchGet(access, keys);
  return items.map((item) => fromTicketItem(item as unknown as TicketItem));
}

/** Under the keys that were asked for, as they lie in the table: a note that lies apart stays there. */
export async function loadBareTickets(
  access: TableAccess,
  keys: readonly Key[],
): Promise<ReadonlyMap<string, Ticket>> {
  const found = new Map<string, Ticket>();
  let asked = keys.map((key) => ({ from: key.pk, key }));
  // Ends, because each further barcode was made later than the one before.
  while (asked.length > 0) {
    const items = await batchGet(
      access,
      asked.map(({ key }) => key),
    );
    const tickets = new Map(
      items.map((item) => [String(item['pk']), fromTicketItem(item as unknown as TicketItem)]),
    );
    asked = asked.flatMap(({ from, key }) => {
      const ticket = tickets.get(key.pk);
      if (ticket?.replacedBy !== undefined) {
        return [{ from, key: barcodeKey(ticket.organizationId, ticket.replacedBy) }];
      }
      if (ticket !== undefined) found.set(from, ticket);
      return [];
    });
  }
  return found;
}

/** The tickets that exist, by the partition key that was asked for. */
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
