// Full tickets for entries of an index, strongly consistent.
import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { assert } from '../domain/assert.ts';
import type { Ticket } from '../domain/ticket.ts';
import { backoff } from './backoff.ts';
import { type Key, padId } from './keys.ts';
import type { TableAccess } from './table-access.ts';
import { fromTicketItem, type TicketItem } from './ticket-item.ts';

/** Keys of one BatchGetItem (DynamoDB quota). */
const BATCH_KEYS = 100;

export interface TicketEntry extends Key {
  /** The ticket's id, padded. */
  readonly srt: string;
}

/** In the order of the entries; a ticket that is gone by now is left out, also when its barcode has a new one. */
export async function loadTickets(
  access: TableAccess,
  entries: readonly TicketEntry[],
): Promise<Ticket[]> {
  const batches = Array.from({ length: Math.ceil(entries.length / BATCH_KEYS) }, (_, index) =>
    entries.slice(index * BATCH_KEYS, (index + 1) * BATCH_KEYS),
  );
  const loaded = await Promise.all(batches.map(async (batch) => loadBatch(access, batch)));
  return loaded.flat();
}

async function loadBatch(
  { client, tableName }: TableAccess,
  entries: readonly TicketEntry[],
): Promise<Ticket[]> {
  const found = new Map<string, Ticket>();
  let keys: Record<string, unknown>[] = entries.map(({ pk, sk }) => ({ pk, sk }));
  for (const wait of backoff()) {
    if (keys.length === 0) break;
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: keys, ConsistentRead: true } } }),
    );
    for (const item of Responses?.[tableName] ?? []) {
      const ticket = fromTicketItem(item as TicketItem);
      found.set(padId(ticket.eventTicketId), ticket);
    }
    keys = UnprocessedKeys?.[tableName]?.Keys ?? [];
    if (keys.length > 0) assert(await wait(), 'the table answers no reads');
  }
  return entries.map(({ srt }) => found.get(srt)).filter((ticket) => ticket !== undefined);
}
