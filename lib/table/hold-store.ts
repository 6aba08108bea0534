// Holds: each step is one transaction over the hold, its tickets, what counts them as held and what has to be told.
import { GetCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { HoldIds, HoldOutcome, HoldQuery, HoldStore } from '../app/marketplace-ports.ts';
import type { Page, PageRequest } from '../app/event-ports.ts';
import {
  type Hold,
  HOLD_STATUSES,
  isAhead,
  type ReleasedAhead,
} from '../domain/marketplaces/hold.ts';
import { batchGet } from './batch-get.ts';
import { fromHoldItem, toHoldItem, toReleasedItem } from './hold-item.ts';
import { commitMove } from './hold-move.ts';
import {
  type HoldLabel,
  toExtension,
  toHeldPut,
  toHeldRemoval,
  toListingChanged,
  toListingCheck,
  toResolution,
  toTicketsUpdate,
  toTicketTake,
} from './hold-writes.ts';
import { barcodeKey, type Key } from './keys.ts';
import { loadTickets } from './load-tickets.ts';
import {
  FROM_THE_START,
  holdKey,
  holdLookup,
  holdsDue,
  holdsList,
  listingPartition,
} from './marketplace-keys.ts';
import { ABSENT, type TableAccess } from './table-access.ts';
import { transact, type TransactResult } from './transact.ts';

export function createHoldStore(
  access: TableAccess,
  toOutboxId: (nowMs: number) => string,
): HoldStore {
  const { client, tableName: TableName } = access;
  const toEvent = (hold: Hold, nowMs: number, isExpiry = false) =>
    toListingChanged(TableName, hold, { outboxId: toOutboxId(nowMs), isExpiry, nowMs });
  return {
    find: async (ids) => findHold(access, ids),
    findById: async (organizationId, holdId) => findById(access, organizationId, holdId),

    async place({ hold, listing, tickets, nowMs }) {
      const { expiresAtMs } = hold;
      const { committed } = await transact<HoldLabel>(client, [
        { as: 'hold', Put: { TableName, Item: toHoldItem(hold), ...ABSENT } },
        toListingCheck(TableName, listing),
        ...tickets.map((ticket) => toTicketTake(TableName, ticket, { expiresAtMs, nowMs })),
        toHeldPut(TableName, hold),
        toEvent(hold, nowMs),
      ]);
      return committed;
    },

    async extend(hold, expiresAtMs, nowMs) {
      const result = await transact<HoldLabel>(client, [
        toExtension(TableName, hold, { expiresAtMs, nowMs }),
        ...toTicketsUpdate(TableName, hold, {
          expression: 'SET hld = :until',
          values: { ':until': expiresAtMs },
        }),
        ...(hold.binding ? [toHeldPut(TableName, { ...hold, expiresAtMs })] : []),
      ]);
      return toOutcome(result);
    },

    async resolve(hold, status, nowMs) {
      const result = await transact<HoldLabel>(client, [
        toResolution(TableName, hold, { status, nowMs }),
        // The time on tickets whose hold is over is over, and they may be somebody else's by now.
        ...(status === 'RELEASED'
          ? toTicketsUpdate(TableName, hold, { expression: 'REMOVE hld' })
          : []),
        ...(hold.binding
          ? [toHeldRemoval(TableName, hold), toEvent(hold, nowMs, status === 'EXPIRED')]
          : []),
      ]);
      return toOutcome(result);
    },

    async releaseAhead(ids, nowMs) {
      // Not a single put: that one would fail beside the hold's own transaction.
      const { committed } = await transact<HoldLabel>(client, [
        { as: 'hold', Put: { TableName, Item: toReleasedItem(ids, nowMs), ...ABSENT } },
      ]);
      return committed;
    },

    async loadTickets({ organizationId, tickets }) {
      const keys = tickets.map(({ barcode }) => barcodeKey(organizationId, barcode));
      return [...(await loadTickets(access, keys)).values()];
    },

    invoice: async (made) => commitMove(access, made, toOutboxId),
    list: async (query, page) => listHolds(access, query, page),

    async listDue(nowMs, limit) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          IndexName: 'byDue',
          KeyConditionExpression: 'g4 = :due AND due <= :now',
          ExpressionAttributeValues: { ':due': holdsDue(), ':now': nowMs },
          Limit: limit,
        }),
      );
      return loadHolds(access, Items as Key[]);
    },
  };
}

function toOutcome(result: TransactResult<HoldLabel>): HoldOutcome {
  if (result.committed) return 'committed';
  return result.failed === 'ticket' ? 'lost' : 'changed';
}

async function findHold(
  { client, tableName: TableName }: TableAccess,
  ids: HoldIds,
): Promise<Hold | ReleasedAhead | undefined> {
  const Key = holdKey(ids);
  const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  return Item && fromHoldItem(Item);
}

async function findById(
  access: TableAccess,
  organizationId: string,
  holdId: string,
): Promise<Hold | undefined> {
  const { Items = [] } = await access.client.send(
    new QueryCommand({
      TableName: access.tableName,
      IndexName: 'byId',
      KeyConditionExpression: 'g1 = :id',
      ExpressionAttributeValues: { ':id': holdLookup(organizationId, holdId) },
      Limit: 1,
    }),
  );
  return (await loadHolds(access, Items as Key[]))[0];
}

/** Entries of the index that one page looks at: what it filters may make it short. */
const loadHolds = async (access: TableAccess, keys: readonly Key[]): Promise<readonly Hold[]> =>
  (await batchGet(access, keys))
    .map(fromHoldItem)
    .filter((hold): hold is Hold => !isAhead(hold))
    .toSorted((a, b) => (a.holdId < b.holdId ? -1 : 1));

async function listHolds(
  access: TableAccess,
  { organizationId, status, listingId }: HoldQuery,
  { after = FROM_THE_START, limit }: PageRequest,
): Promise<Page<Hold>> {
  const lists =
    listingId === undefined
      ? (status === undefined ? HOLD_STATUSES : [status]).map((each) => ({
          index: 'byList',
          hash: 'g2',
          list: holdsList(organizationId, each),
        }))
      : [{ index: 'byOwner', hash: 'g3', list: listingPartition(organizationId, listingId) }];
  const pages = await Promise.all(
    lists.map(async ({ index, hash, list }) => {
      const { Items = [] } = await access.client.send(
        new QueryCommand({
          TableName: access.tableName,
          IndexName: index,
          KeyConditionExpression: `${hash} = :list AND srt > :after`,
          ExpressionAttributeValues: { ':list': list, ':after': after },
          Limit: limit,
        }),
      );
      return Items as (Key & { readonly srt: string })[];
    }),
  );
  const entries = pages
    .flat()
    .toSorted((a, b) => (a.srt < b.srt ? -1 : 1))
    .slice(0, limit);
  const items = (await loadHolds(access, entries)).filter(
    (hold) => status === undefined || hold.status === status,
  );
  const next = entries.length === limit ? entries.at(-1)?.srt : undefined;
  return { items, ...(next === undefined ? {} : { next }) };
}
