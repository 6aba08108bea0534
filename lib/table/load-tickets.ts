// Tickets by the keys of their items, strongly consistent; a note that lies apart is put back on its ticket.
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { assert } from '../domain/assert.ts';
import type { Ticket } from '../domain/ticket.ts';
import { backoff } from './backoff.ts';
import { isNoteApart, toNoteKey } from './imported-ticket-item.ts';
import { type Key, padId } from './keys.ts';
import type { TableAccess } from './table-access.ts';
import { fromTicketItem, type TicketItem } from './ticket-item.ts';

/** At most 100 keys (BatchGetItem); the tickets that exist, by the partition key of their item. */
export async function loadTickets(
  access: TableAccess,
  keys: readonly Key[],
): Promise<ReadonlyMap<string, Ticket>> {
  const items = await batchGet(access, keys);
  const tickets = items.map((item) => fromTicketItem(item as unknown as TicketItem));
  const apart = tickets.filter(isNoteApart);
  const notes = new Map(
    (await batchGet(access, apart.map(toNoteKey))).map((item) => [
      toText(item),
      String(item['note']),
    ]),
  );
  return new Map(
    tickets.map((ticket, index) => {
      const pk = String(items[index]?.['pk']);
      if (!isNoteApart(ticket)) return [pk, ticket];
      // Between a ticket's write and its note's there is a moment without one.
      const { note: _mark, ...bare } = ticket;
      const note = notes.get(toText(toNoteKey(ticket)));
      return [pk, note === undefined ? bare : { ...bare, note }];
    }),
  );
}

export interface TicketEntry extends Key {
  /** The ticket's id, padded. */
  readonly srt: string;
}

/** Keys of one BatchGetItem (DynamoDB quota). */
const BATCH_KEYS = 100;

/** In the order of the entries; a ticket that is gone by now is left out, also when its barcode has a new one. */
export async function loadEntries(
  access: TableAccess,
  entries: readonly TicketEntry[],
): Promise<Ticket[]> {
  const batches = Array.from({ length: Math.ceil(entries.length / BATCH_KEYS) }, (_, index) =>
    entries.slice(index * BATCH_KEYS, (index + 1) * BATCH_KEYS),
  );
  const loaded = await Promise.all(
    batches.map(async (batch) => {
      const found = await loadTickets(access, batch);
      return batch.flatMap(({ pk, srt }) => {
        const ticket = found.get(pk);
        return ticket !== undefined && padId(ticket.eventTicketId) === srt ? [ticket] : [];
      });
    }),
  );
  return loaded.flat();
}

const toText = (key: Readonly<Record<string, unknown>> | Key): string =>
  JSON.stringify([key.pk, key.sk]);

async function batchGet(
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
