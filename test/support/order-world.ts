// An organization with events, types and a scanner, for tests that sell.
import { DeleteCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { toIdBlock, toNumericId } from '../../lib/domain/ids.ts';
import { ok } from '../../lib/domain/result.ts';
import type { Ticket } from '../../lib/domain/ticket.ts';
import { toBlockClaim } from '../../lib/table/id-store.ts';
import { barcodeKey, eventStockKey, type Key } from '../../lib/table/keys.ts';
import type { Call, Reply } from './api.ts';
import { anEvent, aTicket } from './builders.ts';
import type { TestTable } from './table.ts';
import { createWorld, type World } from './world.ts';

export interface EventToSell {
  readonly eventId: string;
  readonly eventUrl: string;
  readonly typeId: number;
  readonly device: string;
}

export interface OrderWorld extends World {
  readonly key: string;
  readonly organizationId: string;
  readonly newEvent: (
    overrides?: Record<string, unknown>,
    type?: Record<string, unknown>,
    ofKey?: string,
  ) => Promise<EventToSell>;
  readonly newType: (
    eventId: string,
    type?: Record<string, unknown>,
    ofKey?: string,
  ) => Promise<number>;
  readonly sell: (
    event: EventToSell,
    sale?: Record<string, unknown>,
    headers?: Record<string, string>,
  ) => Promise<Reply>;
  /** A ticket as an import leaves it, which is an order by itself unless it names another. */
  readonly importOne: (event: EventToSell, overrides?: Partial<Ticket>) => Promise<Imported>;
  /** Writes attributes onto a ticket's item, as another part of the system would. */
  readonly mark: (barcode: string, attributes: Record<string, unknown>) => Promise<void>;
  readonly remove: (barcode: string) => Promise<void>;
  /** Overwrites the event's own counters. */
  readonly setStock: (event: EventToSell, counters: Record<string, number>) => Promise<void>;
  readonly read: (orderId: number) => Promise<Reply['body']>;
  readonly scan: (event: EventToSell, barcode: string) => Promise<Reply['body']>;
  readonly post: (
    path: `/${string}`,
    body?: unknown,
    headers?: Record<string, string>,
  ) => Promise<Reply>;
}
type Imported = Ticket & { readonly orderId: number };

export async function createOrderWorld(table?: TestTable): Promise<OrderWorld> {
  // The clock moves by hand here, so a rate limit would fill up and never empty.
  const world = await createWorld({ limiter: () => ok(undefined) }, table);
  const { key, organizationId } = await world.newOrganization();
  const send = async (path: `/${string}`, call: Call): Promise<Reply> => {
    world.clock.nowMs += 1;
    return world.organizers(`POST ${path}`, { key, ...call });
  };
  const make = async (path: `/${string}`, body: unknown, ofKey = key): Promise<Reply['body']> => {
    const made = await send(path, { body, key: ofKey });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return made.body;
  };
  const newType: OrderWorld['newType'] = async (eventId, type = {}, ofKey = key) => {
    const price = { amountMinor: 2500, currency: 'EUR' };
    const body = { name: 'Regular', kind: 'single', price, ...type };
    return (await make(`/v1/events/${eventId}/ticket-types`, body, ofKey)).ticketTypeId;
  };
  let scans = 0;
  return {
    ...world,
    key,
    organizationId,
    newType,
    post: async (path, body = {}, headers = {}) => send(path, { body, headers }),
    async newEvent(overrides = {}, type = {}, ofKey = key) {
      const { eventId, eventUrl } = await make('/v1/events', anEvent(overrides), ofKey);
      const typeId = await newType(eventId, type, ofKey);
      const device = await make('/v1/devices', { name: 'Gate', eventIds: [eventId] }, ofKey);
      return { eventId, eventUrl, typeId, device: device.key };
    },
    sell: async (event, sale = {}, headers = {}) =>
      send(`/v1/events/${event.eventId}/orders`, {
        body: { items: [{ ticketTypeId: event.typeId, quantity: 1 }], ...sale },
        headers,
      }),
    async importOne({ eventId, typeId }, overrides = {}) {
      world.clock.nowMs += 1;
      const eventTicketId = toNumericId(toIdBlock(world.clock.nowMs), 7);
      const ids = { organizationId, eventId, eventTicketId, ticketTypeId: typeId };
      const ticket = { ...aTicket({ ...ids, importRow: 1 }), orderId: eventTicketId, ...overrides };
      await world.put(ticket);
      await world.client.send(
        new TransactWriteCommand({
          TransactItems: [
            toBlockClaim(world.tableName, organizationId, toIdBlock(world.clock.nowMs)),
          ],
        }),
      );
      return ticket;
    },
    mark: async (barcode, attributes) =>
      setAttributes(world, barcodeKey(organizationId, barcode), attributes),
    async remove(barcode) {
      const { client, tableName: TableName } = world;
      await client.send(new DeleteCommand({ TableName, Key: barcodeKey(organizationId, barcode) }));
    },
    setStock: async ({ eventId }, counters) =>
      setAttributes(world, eventStockKey(organizationId, eventId), counters),
    read: async (orderId) => (await world.organizers(`GET /v1/orders/${orderId}`, { key })).body,
    async scan({ eventId, device }, barcode) {
      const body = { scanId: `s-${(scans += 1)}`, eventId, barcode };
      return (await world.scans('POST /v1/validate', { key: device, body })).body;
    },
  };
}

async function setAttributes(
  { client, tableName }: World,
  itemKey: Key,
  attributes: Record<string, unknown>,
): Promise<void> {
  const entries = Object.entries(attributes);
  await client.send(
    new UpdateCommand({
      TableName: tableName,
      Key: itemKey,
      UpdateExpression: `SET ${entries.map(([name]) => `#${name} = :${name}`).join(', ')}`,
      ExpressionAttributeNames: Object.fromEntries(entries.map(([name]) => [`#${name}`, name])),
      ExpressionAttributeValues: Object.fromEntries(
        entries.map(([name, value]) => [`:${name}`, value]),
      ),
    }),
  );
}
