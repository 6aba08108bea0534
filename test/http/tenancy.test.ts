import { describe, expect, it } from 'vitest';
import { ORGANIZER_ROUTES } from '../../lib/http/routes/organizers/routes.ts';
import { TICKET_ROUTES } from '../../lib/http/routes/tickets/routes.ts';
import { createContactStore } from '../../lib/table/contact-store.ts';
import { aTicket, anEvent } from '../support/builders.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const [mine, theirs] = [await world.newOrganization(), await world.newOrganization()];
const { organizers } = world;

async function makeForeignThings() {
  const { key, organizationId } = theirs;
  const event = await organizers('POST /v1/events', { key, body: anEvent() });
  const { eventId } = event.body;
  const type = await organizers(`POST /v1/events/${eventId}/ticket-types`, {
    key,
    body: { name: 'VIP', price: { amountMinor: 1, currency: 'EUR' } },
  });
  const device = await organizers('POST /v1/devices', {
    key,
    body: { name: 'Door', eventIds: [eventId] },
  });
  const ticket = aTicket({ organizationId, eventId });
  await world.put(ticket);
  const { deviceId } = device.body;
  const contactId = `con_${'1'.repeat(26)}`;
  await createContactStore(world).registerBuyer({
    organizationId,
    contactId,
    email: 'a@example.com',
    source: 'ord1',
    row: 0,
    orderId: 1,
    nowMs: world.clock.nowMs,
  });
  const ids = {
    eventId,
    contactId,
    ticketTypeId: type.body.ticketTypeId,
    eventTicketId: ticket.eventTicketId,
  };
  await organizers('PUT /v1/channels/tickpick', { key, body: { enabled: true } });
  return { ...ids, deviceId, keyId: deviceId, marketplace: 'tickpick' } as Record<string, unknown>;
}
const foreign = await makeForeignThings();
const UNKNOWN: Record<string, unknown> = {
  eventId: 'evt_unknown',
  ticketTypeId: 123,
  eventTicketId: 123,
  deviceId: `key_${'0'.repeat(26)}`,
  contactId: `con_${'0'.repeat(26)}`,
  keyId: `key_${'0'.repeat(26)}`,
  marketplace: 'axs',
};
/** Makes what isn't there. */
const MAKING = 'putChannel';
const BODIES: Record<string, unknown> = {
  createMessage: { subject: 'Doors', text: 'At eight.' },
  createTicketType: { name: 'VIP', price: { amountMinor: 1, currency: 'EUR' } },
};
const fill = (path: string, ids: Record<string, unknown>) =>
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => String(ids[name]));

describe('a foreign id and an unknown id answer the identical 404', () => {
  const routes = [...ORGANIZER_ROUTES, ...TICKET_ROUTES];
  const withIds = routes
    .map(({ contract }) => contract)
    .filter(({ path, operationId }) => path.includes('{') && operationId !== MAKING);
  it.each(withIds.map((contract) => [`${contract.method} ${contract.path}`, contract] as const))(
    '%s',
    async (_name, { method, path, operationId }) => {
      const call = {
        key: mine.key,
        ...(method === 'GET' ? {} : { body: BODIES[operationId] ?? {} }),
      };
      const ask = async (ids: Record<string, unknown>) => {
        const reply = await organizers(`${method} /${fill(path, ids).slice(1)}`, call);
        const { 'x-request-id': _id, ...headers } = reply.headers;
        return { status: reply.status, headers, body: { ...reply.body, instance: '' } };
      };
      const reply = await ask(foreign);
      expect(reply.status).toBe(404);
      expect(reply).toEqual(await ask(UNKNOWN));
    },
  );

  it('and their owner still has every one of them', async () => {
    const { key } = theirs;
    expect((await organizers(`GET /v1/tickets/${foreign['eventTicketId']}`, { key })).status).toBe(
      200,
    );
    const keys = await organizers('GET /v1/devices', { key });
    expect(keys.body.items).toMatchObject([{ deviceId: foreign['deviceId'] }]);
    expect(keys.body.items[0].revokedAt).toBeUndefined();
  });
});
