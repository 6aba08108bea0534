// All tickets of an event in the order of their ids: the shards of its list merged, the tickets themselves read
// strongly, a group at a time.
import { QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type { EventIds, EventTicketReader } from '../app/export-ports.ts';
import { eventTicketsList, TICKET_SHARDS } from './keys.ts';
import { inOrder, loadTickets, type TicketEntry } from './load-tickets.ts';
import type { TableAccess } from './table-access.ts';

/** Entries of a shard held at once, and tickets loaded at once: together a few MB. */
const SHARD_PAGE = 500;
const GROUP = 1_000;

export const createEventTicketReader = (access: TableAccess): EventTicketReader => ({
  async *read(ids) {
    let group: TicketEntry[] = [];
    let last: string | undefined;
    for await (const entry of mergeShards(access, ids)) {
      // A ticket that gets another barcode right now stands here twice.
      if (entry.srt === last) continue;
      last = entry.srt;
      group.push(entry);
      if (group.length < GROUP) continue;
      yield* inOrder(group, await loadTickets(access, group));
      group = [];
    }
    yield* inOrder(group, await loadTickets(access, group));
  },
});

async function* mergeShards(access: TableAccess, ids: EventIds): AsyncGenerator<TicketEntry> {
  const shards = Array.from({ length: TICKET_SHARDS }, (_, shard) => readShard(access, ids, shard));
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
  shard: number,
): AsyncGenerator<TicketEntry, undefined> {
  const list = eventTicketsList(organizationId, eventId, shard);
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'byList',
        KeyConditionExpression: 'g2 = :list',
        ExpressionAttributeValues: { ':list': list },
        Limit: SHARD_PAGE,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    yield* (page.Items ?? []) as TicketEntry[];
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}
