// The system as it runs on one machine, and a marketplace's own server beside it: what happens to a listed ticket leaves
// its listing at once, and the server is told by stream, dispatcher and queue.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { createSwapgateApp } from '../../lib/infra/app.ts';
import { createApi } from '../../lib/local/demo/api.ts';
import { startHost } from '../../lib/local/host.ts';
import { startHttp } from '../../lib/local/http/server.ts';
import { createLifetime } from '../../lib/local/lifetime.ts';
import { readAssembly } from '../../lib/local/template/assembly.ts';
import { createAdminContainer } from '../../lib/runtime/container/admin.ts';
import { anEvent } from '../support/builders.ts';
import { runs } from '../support/campaign.ts';
import { startReceiver } from '../support/receiver.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects of a body
type Body = any;

const SECRET = `whsec_${'S'.repeat(32)}`;
/** A second on a machine that does nothing else; among other tests it only has to come. */
const NEWS_MS_MAX = runs(60_000, 1_000);

const lifetime = createLifetime(() => undefined);
afterAll(async () => lifetime.end(0));
const receiver = await startReceiver(SECRET, Date.now);
afterAll(async () => receiver.close());
const host = await startHost({
  lifetime,
  root: fileURLToPath(new URL('../../', import.meta.url)),
  http: await startHttp(lifetime, 0),
  directory: undefined,
  environment: { ...process.env },
  async synthesize() {
    const outdir = mkdtempSync(join(tmpdir(), 'swapgate-listing-'));
    createSwapgateApp({ outdir, bundle: false }).synth();
    const assembly = readAssembly(outdir);
    rmSync(outdir, { recursive: true, force: true });
    return assembly;
  },
});
const api = createApi(host.baseUrl);
type Method = 'GET' | 'POST' | 'PUT' | 'PATCH';
const ask = async (method: Method, path: string, key: string, body?: unknown): Promise<Body> =>
  (await api(method, path, { key, body })).body;

const made = await createAdminContainer(process.env).createOrganization({ name: 'Told Hall' });
if (!made.ok) throw new Error(made.refusal.code);
const { key } = made.value;
const post = async (path: string, body?: unknown): Promise<Body> => ask('POST', path, key, body);
await ask('PATCH', '/v1/organization', key, { secureSwap: { enabled: true } });
const days = { startsAt: '2026-01-01T20:00:00Z', endsAt: '2099-01-01T20:00:00Z' };
const { eventId } = await post('/v1/events', anEvent(days));
const price = { amountMinor: 2_500, currency: 'EUR' };
const { ticketTypeId } = await post(`/v1/events/${eventId}/ticket-types`, { name: 'Seat', price });
const toKey = async (marketplace: string): Promise<string> =>
  (await post('/v1/keys', { scope: 'marketplace', marketplace })).key;
const [swapKey, axs] = [await toKey('ticketswap'), await toKey('axs')];
const { key: device } = await post('/v1/devices', { name: 'Gate', eventIds: [eventId] });
for (const marketplace of ['axs', 'tickpick']) {
  const outbound = { url: `${receiver.url}/${marketplace}`, secret: SECRET };
  await ask('PUT', `/v1/channels/${marketplace}`, key, { enabled: true, outbound });
}

const { tickets } = await post(`/v1/events/${eventId}/orders`, {
  items: [{ ticketTypeId, quantity: 5 }],
  payment: { paymentType: 'CASH' },
});
const { listingId } = await post('/v1/listings', {
  eventTicketIds: tickets.map((ticket: Body) => ticket.eventTicketId),
  unitPrice: price,
  channels: ['axs', 'tickpick'],
});

const DOINGS: readonly (readonly [string, (ticket: Body) => Promise<unknown>])[] = [
  [
    'scan',
    async ({ barcode }) => ask('POST', '/v1/validate', device, { scanId: 's1', eventId, barcode }),
  ],
  [
    'swap',
    async ({ barcode }) =>
      ask('POST', '/ticketswap/swap', swapKey, {
        ticket: { barcode },
        customer: { firstName: 'Grace', lastName: 'Told', email: 'grace.told@example.com' },
      }),
  ],
  ['cancel', async ({ eventTicketId }) => post(`/v1/tickets/${eventTicketId}/cancel`)],
  ['block', async ({ eventTicketId }) => post(`/v1/tickets/${eventTicketId}/block`)],
];

describe('a listed ticket', () => {
  const toldAt = (marketplace: string) =>
    receiver.told.filter(({ path }) => path === `/told/${marketplace}`);

  it.each([...DOINGS.entries()].map(([at, [name, act]]) => [name, at, act] as const))(
    'leaves its listing by a %s, and every marketplace is told',
    async (_name, at, act) => {
      await act(tickets[at]);
      const acted = performance.now();
      const left = 4 - at;
      const path = `/v1/marketplaces/axs/listings/${listingId}`;
      expect(await ask('GET', path, axs)).toMatchObject({ availableQuantity: left });
      for (const marketplace of ['axs', 'tickpick']) {
        const isTold = () => toldAt(marketplace).at(-1)?.data.quantity === left;
        await vi.waitUntil(isTold, { timeout: NEWS_MS_MAX, interval: 10 });
        expect(toldAt(marketplace).at(-1)).toMatchObject({
          type: 'listing.updated',
          isSigned: true,
          data: { listingId, quantity: left },
        });
      }
      if (runs(0, 1) === 1) console.log(`${(performance.now() - acted).toFixed(0)} ms`);
    },
  );
});
