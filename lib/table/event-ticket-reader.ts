// All tickets of an event in the order of their ids: the shards of its list merged, the tickets themselves read
// strongly, a group at a time.
import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { EventIds, EventTicketReader } from '../app/export-ports.ts';
import { eventTicketsList, padId, TICKET_SHARDS } from './keys.ts';
import { inOrder, loadTickets, type TicketEntry } from './load-tickets.ts';
import type { TableAccess } from './table-access.ts';

/** Entries of a shard held at once, and tickets loaded at once: together a few MB. */
const SHARD_PAGE = 500;
const GROUP = 1_000;

export const createEventTicketReader = (access: TableAccess): EventTicketReader => ({
  async *read(ids, after = FIRST) {
    let group: TicketEntry[] = [];
    let last = after;
    for await (const entry of mergeShards(access, ids, after)) {
      // A ticket that gets another barcode right now stands here twice.
      if (entry.srt === last) continue;
      if (group.length === GROUP) {
        yield { items: inOrder(group, await loadTickets(access, group)), next: last };
        group = [];
      }
      last = entry.srt;
      group.push(entry);
    }
    yield { items: inOrder(group, await loadTickets(access, group)) };
  },
});

/** Below every id. */
const FIRST = padId(0);

async function* mergeShards(
  access: TableAccess,
  ids: EventIds,
  after: string,
): AsyncGenerator<TicketEntry> {
  const shards = Array.from({ length: TICKET_SHARDS }, (_, shard) =>
    readShard(access, ids, { shard, after }),
  );
  const heads = await Promise.all(shards.map(async (shard) => shard.next()));
  for (;;) {
    let first: { readonly entry: TicketEntry; readonly at: number } | undefined;
    for (const [at, head] of heads.entries()) {
      if (head.done || (first !== undefined && first.entry.srt <= head.value.srt)) continue;
      first = { entry: head.value, at };
    }
    const shard = first && shards[first.at];
    if (first === undefined || shard === undefined) return;
    yield first.entry;
    heads[first.at] = await shard.next();
  }
}

async function* readShard(
  { client, tableName: TableName }: TableAccess,
  { organizationId, eventId }: EventIds,
  { shard, after }: { readonly shard: number; readonly after: string },
): AsyncGenerator<TicketEntry, undefined> {
  const list = eventTicketsList(organizationId, eventId, shard);
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'byList',
        KeyConditionExpression: 'g2 = :list AND srt > :after',
        ExpressionAttributeValues: { ':list': list, ':after': after },
        Limit: SHARD_PAGE,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    yield* (page.Items ?? []) as TicketEntry[];
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}
