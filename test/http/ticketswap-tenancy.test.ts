// TicketSwap's key of one organization says nothing of another one: what is foreign is as unknown as what isn't there.
import { describe, expect, it } from 'vitest';
import { TICKETSWAP_ROUTES } from '../../lib/http/routes/ticketswap/routes.ts';
import { BUYER, createSwapWorld } from '../support/swap-world.ts';

const world = await createSwapWorld();
const mine = await world.newOrganization();
const made = await world.organizers('POST /v1/keys', {
  key: mine.key,
  body: { scope: 'marketplace', marketplace: 'ticketswap' },
});
const event = await world.newEvent();
const sold = await world.sellOne(event);

interface Ids {
  readonly barcode: string;
  readonly eventTicketId: number;
  readonly orderId: number;
  readonly eventId: string;
}
const FOREIGN: Ids = { ...sold, eventId: event.eventId };
const UNKNOWN: Ids = { barcode: 'UNKNOWN', eventTicketId: 123, orderId: 123, eventId: 'evt_0' };

const toValue = (name: string, ids: Ids): string => {
  if (name === 'id') return ids.eventId;
  if (name === 'uniqueIdentifier') return String(ids.orderId);
  return String(name === 'barcode' ? ids.barcode : ids.eventTicketId);
};
const BODIES: Readonly<Record<string, (ids: Ids) => unknown>> = {
  ticketswapSwap: ({ barcode }) => ({ ticket: { barcode }, customer: BUYER }),
  ticketswapPersonalize: ({ barcode }) => ({ ticket: { barcode }, fields: {} }),
};

const contracts = TICKETSWAP_ROUTES.map(({ contract }) => contract);
const asking = contracts.filter(({ path }) => path !== '/ticketswap/events');

describe('a foreign thing and an unknown one answer the identical 404', () => {
  it.each(asking.map((contract) => [`${contract.method} ${contract.path}`, contract] as const))(
    '%s',
    async (_name, { method, path, operationId }) => {
      const ask = async (ids: Ids) => {
        const filled = path.replaceAll(/\{(\w+)\}/g, (_all, name: string) => toValue(name, ids));
        const query = path.endsWith('/validate') ? `?barcode=${ids.barcode}` : '';
        const body = BODIES[operationId]?.(ids);
        const call = { key: made.body.key, ...(body === undefined ? {} : { body }) };
        const reply = await world.ticketswap(`${method} /${filled.slice(1)}${query}`, call);
        const { 'x-request-id': _id, ...headers } = reply.headers;
        // The barcode that was asked for is said back.
        const text = JSON.stringify(reply.body).replaceAll(ids.barcode, 'BARCODE');
        return { status: reply.status, headers: { ...headers, 'content-length': '' }, text };
      };
      const before = await world.allItems();
      const reply = await ask(FOREIGN);
      expect(reply.status).toBe(404);
      expect(reply).toEqual(await ask(UNKNOWN));
      expect(await world.allItems()).toEqual(before);
    },
  );

  it('and the list of events has none of them', async () => {
    const reply = await world.ticketswap('GET /ticketswap/events', { key: made.body.key });
    expect(reply.body).toEqual([]);
  });
});
