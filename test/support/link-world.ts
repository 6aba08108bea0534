// Two organizations on one Swapgate: one sells and swaps at TicketSwap, another one imports its export and scans. What
// stream and queues do is done by hand, so that a test decides about order, repetition and time.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { OutboxMessage } from '../../lib/app/outbox-ports.ts';
import { ok } from '../../lib/domain/result.ts';
import { TICKETSWAP_ROUTES } from '../../lib/http/routes/ticketswap/routes.ts';
import { createLinksContainer } from '../../lib/runtime/container/links.ts';
import { createTicketswapContainer } from '../../lib/runtime/container/ticketswap.ts';
import { OUTBOX_SHARDS, outboxDue } from '../../lib/table/keys.ts';
import { createLinkWorker } from '../../lib/workers/link-queue.ts';
import { createApi, type Reply } from './api.ts';
import { anEvent } from './builders.ts';
import { createExportWorld } from './export-world.ts';
import { toSqsEvent } from './import-world.ts';
import { toLean } from './lean-client.ts';
import { BUYER } from './swap-world.ts';
import { createTestTable } from './table.ts';
import { QUIET } from './world.ts';

export interface Owner {
  readonly organizationId: string;
  readonly key: string;
}
export interface Hall {
  readonly owner: Owner;
  readonly eventId: string;
  readonly typeId: number;
  readonly device: string;
}
export interface SoldTicket {
  readonly eventTicketId: number;
  readonly barcode: string;
  readonly orderId: number;
}
export type LinkMessage = Extract<OutboxMessage, { readonly type: `link.${string}` }>;

const isOfLinks = (message: OutboxMessage): message is LinkMessage =>
  message.type.startsWith('link.');

export async function createLinkWorld() {
  const world = await createExportWorld(toLean(await createTestTable()));
  const { clock, organizers } = world;
  const env = { TABLE_NAME: world.tableName };
  const shared = { clock: () => clock.nowMs, logger: QUIET };
  const ticketswap = createApi(TICKETSWAP_ROUTES, {
    ...createTicketswapContainer(env, world.bare),
    ...shared,
    limiter: () => ok(undefined),
  });
  const swapKeys = new Map<string, string>();
  let scans = 0;

  const make = async (
    { key }: Owner,
    path: `/${string}`,
    body: unknown,
  ): Promise<Reply['body']> => {
    clock.nowMs += 1;
    const made = await organizers(`POST ${path}`, { key, body });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return made.body;
  };
  /** SecureSwap is on, and TicketSwap has a key. */
  const letSwap = async (owner: Owner): Promise<Owner> => {
    const { key, organizationId } = owner;
    const body = { secureSwap: { enabled: true } };
    await organizers('PATCH /v1/organization', { key, body });
    const made = await make(owner, '/v1/keys', { scope: 'marketplace', marketplace: 'ticketswap' });
    swapKeys.set(organizationId, made.key);
    return owner;
  };
  const newOwner = async (): Promise<Owner> => letSwap(await world.newOrganization());
  const openDoor = async (owner: Owner, eventId: string): Promise<Hall> => {
    const device = await make(owner, '/v1/devices', { name: 'Gate', eventIds: [eventId] });
    const types = await organizers(`GET /v1/events/${eventId}/ticket-types`, { key: owner.key });
    const typeId = types.body.items[0].ticketTypeId;
    return { owner, eventId, typeId, device: device.key };
  };

  const workLinks = (bare: DynamoDBClient = world.bare) => {
    const handle = createLinkWorker({ ...createLinksContainer(env, bare), ...shared });
    return async (...messages: readonly LinkMessage[]): Promise<number> =>
      (await handle(toSqsEvent(messages))).batchItemFailures.length;
  };
  /** Messages about links that were committed and not taken yet, oldest first; others are dropped. */
  const takeMessages = async (): Promise<readonly LinkMessage[]> => {
    const shards = Array.from({ length: OUTBOX_SHARDS }, async (_, shard) => listUnsent(shard));
    const keys = (await Promise.all(shards)).flat();
    const taken = await Promise.all(
      keys.map(async (Key) => {
        const { Attributes } = await world.client.send(
          new DeleteCommand({ TableName: world.tableName, Key, ReturnValues: 'ALL_OLD' }),
        );
        return { pk: String(Key['pk']), message: Attributes?.['message'] as OutboxMessage };
      }),
    );
    return taken
      .toSorted((a, b) => (a.pk < b.pk ? -1 : 1))
      .flatMap(({ message }) => (isOfLinks(message) ? [message] : []));
  };
  const listUnsent = async (shard: number): Promise<readonly Record<string, unknown>[]> => {
    const { Items = [] } = await world.client.send(
      new QueryCommand({
        TableName: world.tableName,
        IndexName: 'byDue',
        KeyConditionExpression: 'g4 = :due',
        ExpressionAttributeValues: { ':due': outboxDue(shard) },
      }),
    );
    return Items.map(({ pk, sk }) => ({ pk, sk }));
  };

  return {
    ...world,
    letSwap,
    newOwner,
    openDoor,
    workLinks,
    takeMessages,

    async newHall(owner: Owner, overrides: Record<string, unknown> = {}): Promise<Hall> {
      const { eventId } = await make(owner, '/v1/events', anEvent(overrides));
      const price = { amountMinor: 2500, currency: 'EUR' };
      await make(owner, `/v1/events/${eventId}/ticket-types`, { name: 'Regular', price });
      return openDoor(owner, eventId);
    },

    async sell(
      { owner, eventId, typeId }: Hall,
      quantity = 1,
      buyer = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@sold.example' },
    ): Promise<readonly SoldTicket[]> {
      const items = [{ ticketTypeId: typeId, quantity }];
      const payment = { paymentType: 'CASH' };
      const sold = await make(owner, `/v1/events/${eventId}/orders`, { buyer, items, payment });
      return sold.tickets.map((ticket: SoldTicket) => ({ ...ticket, orderId: sold.orderId }));
    },

    /** Another organization imports the hall's export, and opens its door for it. */
    async importInto(owner: Owner, { owner: from, eventId }: Hall): Promise<Hall> {
      const file = await world.exported(from, eventId);
      const { done, tickets } = await world.importedBy(owner, file, ['Regular']);
      if (done.status !== 'COMPLETED') throw new Error(JSON.stringify(done));
      return openDoor(owner, tickets[0].eventId ?? done.eventId);
    },

    async swap(
      { organizationId }: Owner,
      barcode: string,
      customer: Record<string, unknown> = {},
    ): Promise<Reply> {
      clock.nowMs += 1;
      const body = { ticket: { barcode }, customer: { ...BUYER, ...customer } };
      return ticketswap('POST /ticketswap/swap', { key: swapKeys.get(organizationId) ?? '', body });
    },
    validate: async ({ organizationId }: Owner, barcode: string): Promise<Reply> =>
      ticketswap(`GET /ticketswap/validate?barcode=${encodeURIComponent(barcode)}`, {
        key: swapKeys.get(organizationId) ?? '',
      }),

    async scan({ eventId, device }: Hall, barcode: string, more: Record<string, unknown> = {}) {
      clock.nowMs += 1;
      const body = { scanId: `s-${(scans += 1)}`, eventId, barcode, ...more };
      return (await world.scans('POST /v1/validate', { key: device, body })).body;
    },

    /** Works off everything until there is nothing more. */
    async settle(): Promise<void> {
      for (;;) {
        const messages = await takeMessages();
        if (messages.length === 0) return;
        if ((await workLinks()(...messages)) > 0) throw new Error('a message failed');
      }
    },
  };
}
