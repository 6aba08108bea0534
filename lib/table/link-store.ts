// Links between organizations in the table: read and written strongly, for they decide who is let in elsewhere.
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import * as z from 'zod/mini';
import type { AdmissionTeller, LinkStore } from '../app/link-ports.ts';
import type { Link } from '../domain/links/linked-swap.ts';
import type { Ticket } from '../domain/ticket.ts';
import { batchPut } from './batch-write.ts';
import { barcodeKey, organizationSecretKey } from './keys.ts';
import { advanceLink, commitLinkedSwap } from './link-commit.ts';
import {
  LINK_PREFIX,
  linkedEventKey,
  linkKey,
  linkOriginKey,
  linksPartition,
} from './link-keys.ts';
import { loadBareTickets } from './load-tickets.ts';
import { toOutboxItem } from './outbox.ts';
import { ABSENT, loadItem, queryAll, type TableAccess } from './table-access.ts';
import { fromTicketItem, LINKED, type TicketItem } from './ticket-item.ts';
import { transact } from './transact.ts';

const $LinkOrigin = z.object({
  kind: z.literal('linkOrigin'),
  /** The organization from which the ticket was imported, and its barcode there. */
  origin: z.string(),
  barcode: z.string(),
});
const $Secret = z.object({ secret: z.string() });
const $LinkedEvent = z.object({ kind: z.literal('linkedEvent') });

export function createLinkStore(
  access: TableAccess,
  toOutboxId: (nowMs: number) => string,
): LinkStore {
  const { client, tableName: TableName } = access;
  return {
    async findSecret(organizationId) {
      return (await loadItem(access, organizationSecretKey(organizationId), $Secret))?.secret;
    },

    async isLinked({ organizationId, eventId }) {
      const key = linkedEventKey(organizationId, eventId);
      return (await loadItem(access, key, $LinkedEvent)) !== undefined;
    },

    async list(origin) {
      const items = await queryAll(client, {
        TableName,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ExpressionAttributeValues: {
          ':pk': linksPartition(origin.organizationId, origin.eventTicketId),
          ':prefix': LINK_PREFIX,
        },
      });
      return items.map((item) => ({
        origin,
        organizationId: String(item['sk']).slice(LINK_PREFIX.length),
        barcode: String(item['barcode']),
      }));
    },

    async findOrigin(ticket) {
      const found = await loadItem(access, linkOriginKey(ticket), $LinkOrigin);
      return found && { organizationId: found.origin, barcode: found.barcode };
    },

    findBarcode: async (organizationId, barcode) => findBarcode(access, organizationId, barcode),

    async findCurrent(organizationId, barcode) {
      const key = barcodeKey(organizationId, barcode);
      return (await loadBareTickets(access, [key])).get(key.pk);
    },

    commit: async (made) => commitLinkedSwap(access, made, toOutboxId),
    advance: async (link, next, nowMs) =>
      advanceLink(access, { link, next }, { outboxId: toOutboxId(nowMs), nowMs }),
    drop: async (link, ticket) => drop(access, link, ticket),

    async markAdmitted({ organizationId, barcode, eventTicketId }, atMs) {
      const { committed } = await transact(client, [
        {
          as: 'ticket',
          Update: {
            TableName,
            Key: barcodeKey(organizationId, barcode),
            UpdateExpression: 'SET els = if_not_exists(els, :at)',
            ConditionExpression: 'tid = :ticket AND NOT std IN (:swapped, :replaced)',
            ExpressionAttributeValues: {
              ':at': atMs,
              ':ticket': eventTicketId,
              ':swapped': 'SWAPPED',
              ':replaced': 'REPLACED',
            },
          },
        },
      ]);
      return committed;
    },
  };
}

async function findBarcode(
  { client, tableName: TableName }: TableAccess,
  organizationId: string,
  barcode: string,
): Promise<Ticket | undefined> {
  const Key = barcodeKey(organizationId, barcode);
  const { Item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
  return Item && fromTicketItem(Item as TicketItem);
}

async function drop(
  { client, tableName: TableName }: TableAccess,
  { origin, organizationId, barcode }: Link,
  ticket: Ticket | undefined,
): Promise<void> {
  await transact(client, [
    {
      as: 'link',
      Delete: {
        TableName,
        Key: linkKey(origin, organizationId),
        ConditionExpression: 'barcode = :known',
        ExpressionAttributeValues: { ':known': barcode },
      },
    },
    {
      as: 'ticket',
      ConditionCheck: {
        TableName,
        Key: barcodeKey(organizationId, ticket?.barcode ?? barcode),
        // An import may be bringing it back at this moment.
        ConditionExpression:
          'attribute_not_exists(pk) OR ori <> :linked OR std IN (:swapped, :canceled)',
        ExpressionAttributeValues: {
          ':linked': LINKED,
          ':swapped': 'SWAPPED',
          ':canceled': 'CANCELED',
        },
      },
    },
  ]);
}

/**
 * Links an imported ticket to its origin. A link that is there already stays, unless it has left this barcode behind; a
 * message makes good for a swap that came before the link, and for an admission.
 */
export function createTicketLinker(access: TableAccess, toOutboxId: (nowMs: number) => string) {
  const { client, tableName: TableName } = access;
  const events = new Set<string>();
  return async (
    ticket: {
      readonly organizationId: string;
      readonly eventTicketId: number;
      readonly barcode: string;
    },
    origin: Link['origin'],
    nowMs: number,
  ): Promise<void> => {
    const { organizationId, barcode } = ticket;
    const from = { kind: 'linkOrigin', origin: origin.organizationId, barcode };
    await put(access, { ...linkOriginKey(ticket), ...from });
    const link = { ...linkKey(origin, organizationId), kind: 'link', barcode };
    try {
      await client.send(new PutCommand({ TableName, Item: link, ...ABSENT }));
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
    }
    // Read after the links are there: a swap or an admission from now on finds them.
    const { eventTicketId } = ticket;
    const own = await findBarcode(access, organizationId, barcode);
    if (own !== undefined && own.admissions > 0) {
      const message = { type: 'link.admitted', organizationId, eventTicketId } as const;
      await put(access, toOutboxItem(toOutboxId(nowMs), message, nowMs));
    }
    const now = await findBarcode(access, origin.organizationId, barcode);
    if (now?.eventTicketId !== origin.eventTicketId) return;
    const event = linkedEventKey(origin.organizationId, now.eventId);
    if (!events.has(event.pk)) await put(access, { ...event, kind: 'linkedEvent' });
    events.add(event.pk);
    if (now.successor === undefined && now.replacedBy === undefined) return;
    await put(access, link);
    const message = { type: 'link.follow', ...origin } as const;
    await put(access, toOutboxItem(toOutboxId(nowMs), message, nowMs));
  };
}

async function put(
  { client, tableName: TableName }: TableAccess,
  Item: Record<string, unknown>,
): Promise<void> {
  await client.send(new PutCommand({ TableName, Item }));
}

/** Messages of their own, without a change beside them: the stream that tells of the admission comes again after a death. */
export const createAdmissionTeller = (
  access: TableAccess,
  toOutboxId: (nowMs: number) => string,
): AdmissionTeller => ({
  tell: async (tickets, nowMs) =>
    batchPut(
      access,
      tickets.map(({ organizationId, eventTicketId }) =>
        toOutboxItem(
          toOutboxId(nowMs),
          { type: 'link.admitted', organizationId, eventTicketId },
          nowMs,
        ),
      ),
    ),
});
