// An organization with events, types and a scanner, for tests that sell.
import { ok } from '../../lib/domain/result.ts';
import type { Api, Reply } from './api.ts';
import { anEvent } from './builders.ts';
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
  ) => Promise<EventToSell>;
  readonly newType: (eventId: string, type?: Record<string, unknown>) => Promise<number>;
  readonly sell: (
    event: EventToSell,
    sale?: Record<string, unknown>,
    headers?: Record<string, string>,
  ) => Promise<Reply>;
  readonly read: (orderId: number) => Promise<Reply['body']>;
  // oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects of a body
  readonly scan: (event: EventToSell, barcode: string) => Promise<any>;
  readonly post: (
    path: `/${string}`,
    body?: unknown,
    headers?: Record<string, string>,
  ) => ReturnType<Api>;
}

export async function createOrderWorld(): Promise<OrderWorld> {
  const world = await createWorld({ limiter: () => ok(undefined) });
  const { key, organizationId } = await world.newOrganization();
  const post: OrderWorld['post'] = async (path, body = {}, headers = {}) => {
    world.clock.nowMs += 1;
    return world.organizers(`POST ${path}`, { key, body, headers });
  };
  const newType: OrderWorld['newType'] = async (eventId, type = {}) => {
    const price = { amountMinor: 2500, currency: 'EUR' };
    const made = await post(`/v1/events/${eventId}/ticket-types`, {
      name: 'Regular',
      kind: 'single',
      price,
      ...type,
    });
    if (made.status !== 201) throw new Error(JSON.stringify(made.body));
    return made.body.ticketTypeId;
  };
  let scans = 0;
  return {
    ...world,
    key,
    organizationId,
    post,
    newType,
    async newEvent(overrides = {}, type = {}) {
      const event = await post('/v1/events', anEvent(overrides));
      if (event.status !== 201) throw new Error(JSON.stringify(event.body));
      const { eventId, eventUrl } = event.body;
      const typeId = await newType(eventId, type);
      const device = await post('/v1/devices', { name: 'Gate', eventIds: [eventId] });
      return { eventId, eventUrl, typeId, device: device.body.key };
    },
    sell: async (event, sale = {}, headers = {}) =>
      post(
        `/v1/events/${event.eventId}/orders`,
        { items: [{ ticketTypeId: event.typeId, quantity: 1 }], ...sale },
        headers,
      ),
    read: async (orderId) => (await world.organizers(`GET /v1/orders/${orderId}`, { key })).body,
    async scan({ eventId, device }, barcode) {
      const body = { scanId: `s-${(scans += 1)}`, eventId, barcode };
      return (await world.scans('POST /v1/validate', { key: device, body })).body;
    },
  };
}
