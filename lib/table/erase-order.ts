// Taking a person out of an order: the buyer's name, and the names and answers on those of its tickets that are nobody
// else's. Money, admissions and history stay, and belong to nobody.
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { ContactIds, Erasure } from '../app/erasure-ports.ts';
import type { Ticket } from '../domain/ticket.ts';
import { isNoteApart, toNoteKey } from './imported-ticket-item.ts';
import {
  barcodeKey,
  contactOrdersList,
  orderKey,
  orderPartition,
  orderTicketsList,
  personalizationKey,
} from './keys.ts';
import { inOrder, loadBareTickets } from './load-tickets.ts';
import { fromLedgerItem, type OrderItem, parseOrderItem } from './order-item.ts';
import { readOwned } from './owned-entries.ts';
import { queryAll, type TableAccess } from './table-access.ts';
import { transact } from './transact.ts';

const WRITES_PARALLEL = 8;
/** A ticket or an order that changes at this very moment is read again this often. */
const TRIES_MAX = 20;

/** Orders that name the contact as their buyer. */
export async function listOrderIds(
  access: TableAccess,
  { organizationId, contactId }: ContactIds,
): Promise<readonly number[]> {
  const orderIds: number[] = [];
  for await (const entries of readOwned(access, contactOrdersList(organizationId, contactId))) {
    orderIds.push(...entries.map(({ srt }) => Number(srt)));
  }
  return orderIds;
}

export async function eraseOrder(
  access: TableAccess,
  erasure: Erasure,
  orderId: number,
): Promise<void> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    if (await tryErase(access, erasure, orderId)) return;
  }
  throw new Error('an order changed all the time while a person was taken out of it');
}

/** Answers false when the order changed meanwhile: what was added to it may name the person again. */
async function tryErase(
  access: TableAccess,
  { organizationId, contactId, erasedAtMs }: Erasure,
  orderId: number,
): Promise<boolean> {
  const items = await queryAll(access.client, {
    TableName: access.tableName,
    ConsistentRead: true,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': orderPartition(organizationId, orderId) },
  });
  const found = items.find((item) => item['kind'] === 'order');
  const order = found && parseOrderItem(found);
  // A person who bought again afterwards is a new customer.
  if (order !== undefined && order.createdAtMs > erasedAtMs) return true;
  const isBuyer = order?.contactId === contactId;
  for await (const entries of readOwned(access, orderTicketsList(organizationId, orderId))) {
    const tickets = inOrder(entries, await loadBareTickets(access, entries));
    const own = tickets
      // The index may be late: what moved on is somebody else's.
      .filter((ticket) => ticket.orderId === orderId)
      .filter((ticket) =>
        ticket.contactId === undefined ? isBuyer : ticket.contactId === contactId,
      );
    await pMap(own, async (ticket) => eraseTicket(access, ticket, 'person'), {
      concurrency: WRITES_PARALLEL,
    });
  }
  if (order === undefined || !isBuyer) return true;
  await eraseMovedNotes(access, order);
  await eraseWords(access, items);
  // Last, because it is what leads to the tickets.
  return eraseBuyer(access, order);
}

/** What was noted about the buyer by the import stays on a ticket that was sold to somebody else. */
async function eraseMovedNotes(
  access: TableAccess,
  { organizationId, lines }: OrderItem,
): Promise<void> {
  const moved = lines.filter(({ end }) => end === 'MOVED');
  const ids = new Set(moved.map(({ eventTicketId }) => eventTicketId));
  const keys = moved.map(({ barcode }) => barcodeKey(organizationId, barcode));
  const tickets = [...(await loadBareTickets(access, keys)).values()];
  await pMap(
    tickets.filter(({ eventTicketId, note }) => ids.has(eventTicketId) && note !== undefined),
    async (ticket) => eraseTicket(access, ticket, 'note'),
    { concurrency: WRITES_PARALLEL },
  );
}

const ERASED = { person: 'nam, nte, con', note: 'nte' } as const;

/** Of a ticket that leaves its order meanwhile only the note is left of the person: the order is read again. */
async function eraseTicket(
  access: TableAccess,
  found: Ticket,
  what: keyof typeof ERASED,
): Promise<void> {
  const { client, tableName: TableName } = access;
  let ticket: Ticket | undefined = found;
  for (let tries = 0; tries < TRIES_MAX && ticket !== undefined; tries += 1) {
    const key = barcodeKey(ticket.organizationId, ticket.barcode);
    const { committed } = await transact<'ticket' | 'note' | 'answers'>(client, [
      {
        as: 'ticket',
        Update: {
          TableName,
          Key: key,
          UpdateExpression: `REMOVE ${ERASED[what]}`,
          // A reissue takes everything to another item.
          ConditionExpression: 'tid = :ticket AND oid = :order AND attribute_not_exists(nxt)',
          ExpressionAttributeValues: {
            ':ticket': ticket.eventTicketId,
            ':order': ticket.orderId,
          },
        },
      },
      ...(isNoteApart(ticket)
        ? [{ as: 'note' as const, Delete: { TableName, Key: toNoteKey(ticket) } }]
        : []),
      // Without a name on the ticket none are taken any more.
      ...(what === 'person'
        ? [
            {
              as: 'answers' as const,
              Delete: {
                TableName,
                Key: personalizationKey(ticket.organizationId, ticket.eventTicketId),
              },
            },
          ]
        : []),
    ]);
    if (committed) return;
    const now = (await loadBareTickets(access, [key])).get(key.pk);
    const isSame = now?.eventTicketId === found.eventTicketId;
    ticket = isSame && (what === 'note' || now.orderId === found.orderId) ? now : undefined;
  }
}

/** What a day is written with. */
const DAY = /^[\d\s.:/TZ+-]*$/;

/** The host's own words on a payment, also in a link, may name who paid; the day of it does not, unless it is words too. */
async function eraseWords(
  { client, tableName: TableName }: TableAccess,
  items: readonly Record<string, unknown>[],
): Promise<void> {
  for (const item of items) {
    if (item['kind'] !== 'ledger') continue;
    const { note, reference, documentLink, paidOn = '' } = fromLedgerItem(item);
    const isDay = DAY.test(paidOn);
    if ((note ?? reference ?? documentLink) === undefined && isDay) continue;
    const words = ['entry.note', 'entry.#reference', 'entry.documentLink'];
    if (!isDay) words.push('entry.paidOn');
    await client.send(
      new UpdateCommand({
        TableName,
        Key: { pk: item['pk'], sk: item['sk'] },
        UpdateExpression: `REMOVE ${words.join(', ')}`,
        ExpressionAttributeNames: { '#reference': 'reference' },
      }),
    );
  }
}

/** A change of the order like any other: whoever decides on an older state decides again. */
async function eraseBuyer(
  { client, tableName: TableName }: TableAccess,
  { organizationId, orderId, contactId, version }: OrderItem,
): Promise<boolean> {
  const { committed } = await transact<'order'>(client, [
    {
      as: 'order',
      Update: {
        TableName,
        Key: orderKey(organizationId, orderId),
        UpdateExpression: 'SET buyer = :nobody REMOVE contactId, g3 ADD version :one',
        ConditionExpression: 'contactId = :contact AND version = :version',
        ExpressionAttributeValues: {
          ':nobody': {},
          ':contact': contactId,
          ':version': version,
          ':one': 1,
        },
      },
    },
  ]);
  return committed;
}
