// Tickets by the keys of their items, strongly consistent; a note that lies apart is put back on its ticket. Where an
// index still leads to a barcode that was replaced, the ticket is read under the one that it has now.
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { assert } from '../domain/assert.ts';
import type { Ticket } from '../domain/ticket.ts';
import { backoff } from './backoff.ts';
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

/** Keys of one BatchGetItem (DynamoDB quota). */
const BATCH_KEYS = 100;

async function batchGet(
  access: TableAccess,
  keys: readonly Key[],
): Promise<Record<string, unknown>[]> {
  const unique = [...new Map(keys.map((key) => [toText(key), key])).values()];
  const batches = Array.from({ length: Math.ceil(unique.length / BATCH_KEYS) }, (_, index) =>
    unique.slice(index * BATCH_KEYS, (index + 1) * BATCH_KEYS),
  );
  return (await Promise.all(batches.map(async (batch) => getBatch(access, batch)))).flat();
}

async function getBatch(
  { client, tableName }: TableAccess,
  keys: readonly Key[],
): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let left: Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk, sk }));
  for (const wait of backoff()) {
    if (left.length === 0) break;
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: left, ConsistentRead: true } } }),
    );
    found.push(...(Responses?.[tableName] ?? []));
    left = UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (left.length > 0) assert(await wait(), 'the table answers no reads');
  }
  return found;
}
