// Taking a person out of tickets and out of rows of imports, item by item. What is not there any more, or belongs to
// somebody else by now, is left alone.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { ContactIds, ErasureStore } from '../app/erasure-ports.ts';
import type { Ticket } from '../domain/ticket.ts';
import { isNoteApart, toNoteKey } from './imported-ticket-item.ts';
import {
  barcodeKey,
  contactRowsList,
  type Key,
  orderTicketsList,
  parseRowsPartition,
} from './keys.ts';
import { inOrder, loadBareTickets } from './load-tickets.ts';
import type { TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

/** Entries of an index that are read at once. */
const PAGE = 200;
const WRITES_PARALLEL = 8;
/** A ticket that changes at this very moment is read again this often. */
const TRIES_MAX = 20;

export async function eraseTickets(
  access: TableAccess,
  { organizationId, contactId }: ContactIds,
  orderId: number,
): Promise<void> {
  for await (const entries of readOwned(access, orderTicketsList(organizationId, orderId))) {
    const tickets = inOrder(entries, await loadBareTickets(access, entries));
    const own = tickets.filter((ticket) => (ticket.contactId ?? contactId) === contactId);
    await pMap(own, async (ticket) => eraseTicket(access, ticket), {
      concurrency: WRITES_PARALLEL,
    });
  }
}

const isPersonal = ({ contactId, holderName, note }: Ticket): boolean =>
  [contactId, holderName, note].some((text) => text !== undefined);

async function eraseTicket(access: TableAccess, found: Ticket): Promise<void> {
  const { client, tableName: TableName } = access;
  let ticket: Ticket | undefined = found;
  for (let tries = 0; tries < TRIES_MAX && ticket !== undefined; tries += 1) {
    if (!isPersonal(ticket)) return;
    const key = barcodeKey(ticket.organizationId, ticket.barcode);
    const { committed } = await transact<'ticket' | 'note'>(client, [
      {
        as: 'ticket',
        Update: {
          TableName,
          Key: key,
          UpdateExpression: 'REMOVE nam, nte, con',
          // A reissue takes everything to another item.
          ConditionExpression: 'tid = :ticket AND attribute_not_exists(nxt)',
          ExpressionAttributeValues: { ':ticket': ticket.eventTicketId },
        },
      },
      ...(isNoteApart(ticket)
        ? [{ as: 'note' as const, Delete: { TableName, Key: toNoteKey(ticket) } }]
        : []),
    ]);
    if (committed) return;
    const now = (await loadBareTickets(access, [key])).get(key.pk);
    ticket = now?.eventTicketId === found.eventTicketId ? now : undefined;
  }
}

interface RowEntry extends Key {
  readonly importId: string;
}

export async function listRowKeys(
  access: TableAccess,
  { organizationId, contactId }: ContactIds,
): Promise<readonly RowEntry[]> {
  const rows: RowEntry[] = [];
  for await (const entries of readOwned(access, contactRowsList(organizationId, contactId))) {
    rows.push(...entries.map((key) => ({ ...key, ...parseRowsPartition(key.pk) })));
  }
  return rows;
}

export async function eraseRows(
  access: TableAccess,
  ids: ContactIds,
  { isLast, toRedact }: Parameters<ErasureStore['eraseRows']>[1],
): Promise<void> {
  const byImport = Map.groupBy(await listRowKeys(access, ids), ({ importId }) => importId);
  for (const [importId, rows] of byImport) {
    const redact = await toRedact(importId);
    await pMap(rows, async (row) => eraseRow(access, row, { isLast, redact }), {
      concurrency: WRITES_PARALLEL,
    });
  }
}

async function eraseRow(
  { client, tableName: TableName }: TableAccess,
  { pk, sk }: Key,
  {
    isLast,
    redact,
  }: {
    readonly isLast: boolean;
    readonly redact: (cells: readonly string[]) => readonly string[];
  },
): Promise<void> {
  const Key = { pk, sk };
  const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  if (Item === undefined) return;
  try {
    await client.send(
      new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: isLast ? 'SET cells = :cells REMOVE g3, srt' : 'SET cells = :cells',
        ConditionExpression: 'attribute_exists(pk)',
        ExpressionAttributeValues: { ':cells': redact(Item['cells'] as string[]) },
      }),
    );
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  }
}

async function* readOwned(
  { client, tableName: TableName }: TableAccess,
  list: string,
): AsyncGenerator<readonly (Key & { readonly srt: string })[]> {
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await client.send(
      new QueryCommand({
        TableName,
        IndexName: 'byOwner',
        KeyConditionExpression: 'g3 = :list',
        ExpressionAttributeValues: { ':list': list },
        Limit: PAGE,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    yield (page.Items ?? []) as (Key & { readonly srt: string })[];
    start = page.LastEvaluatedKey;
  } while (start !== undefined);
}
