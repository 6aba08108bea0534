// A hold: the marketplace's whole call (handler, reads, choice of seats) beside its bare transaction on the same table,
// in turns, so that noise hits both alike. Each hold is released before the next.
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { toHeldTicket } from '../../lib/domain/marketplaces/hold.ts';
import { MARKETPLACE_ROUTES } from '../../lib/http/routes/marketplaces/routes.ts';
import { ORGANIZER_ROUTES } from '../../lib/http/routes/organizers/routes.ts';
import { createAdminContainer } from '../../lib/runtime/container/admin.ts';
import { createMarketplacesContainer } from '../../lib/runtime/container/marketplaces.ts';
import { createOrganizersContainer } from '../../lib/runtime/container/organizers.ts';
import { toTicketItem } from '../../lib/table/ticket-item.ts';
import { createApi } from '../support/api.ts';
import { anEvent, aTicket } from '../support/builders.ts';
import { createTable, type TestTable } from '../support/create-table.ts';
import { startDynamoDb } from '../support/engines.ts';
import { median, percentile } from './statistics.ts';

const QUANTITIES = [1, 4, 8];
const ROUNDS = 300;
const WARM_UP = 50;
const SEATS = 24;

export async function benchHolds(): Promise<void> {
  const dynamoDb = await startDynamoDb('benchmarks');
  try {
    const offer = await openOffer(await createTable(dynamoDb.endpoint));
    for (const quantity of QUANTITIES) await compare(offer, quantity);
  } finally {
    await dynamoDb.stop();
  }
}

type Offer = Awaited<ReturnType<typeof openOffer>>;

async function openOffer(table: TestTable) {
  const env = { TABLE_NAME: table.tableName, NOTICES_QUEUE_URL: 'http://127.0.0.1:9/none' };
  const made = await createAdminContainer(env, table.bare).createOrganization({ name: 'Bench' });
  if (!made.ok) throw new Error(made.refusal.code);
  const { organizationId, key } = made.value;
  const unlimited = { limiter: () => ({ ok: true as const, value: undefined }) };
  const deps = { ...createMarketplacesContainer(env, table.bare), ...unlimited };
  const organizers = createApi(ORGANIZER_ROUTES, createOrganizersContainer(env, table.bare));
  const marketplaces = createApi(MARKETPLACE_ROUTES, deps);
  const body = anEvent({ startsAt: '2026-01-01T00:00:00Z', endsAt: '2100-01-01T00:00:00Z' });
  const { eventId } = (await organizers('POST /v1/events', { key, body })).body;
  const type = { name: 'Seat', price: { amountMinor: 1000, currency: 'EUR' } };
  const path = `/v1/events/${eventId}/ticket-types` as const;
  const { ticketTypeId } = (await organizers(`POST ${path}`, { key, body: type })).body;
  const tickets = Array.from({ length: SEATS }, (_, at) => {
    const ticket = aTicket({ organizationId, eventId, ticketTypeId });
    return { ...ticket, orderId: ticket.eventTicketId, section: 'A', row: '1', seat: `${at + 1}` };
  });
  const puts = tickets.map((ticket) => ({ PutRequest: { Item: toTicketItem(ticket) } }));
  await table.client.send(new BatchWriteCommand({ RequestItems: { [table.tableName]: puts } }));
  const listed = await marketplaces('POST /v1/listings', {
    key,
    body: {
      eventTicketIds: tickets.map(({ eventTicketId }) => eventTicketId),
      unitPrice: { amountMinor: 4000, currency: 'EUR' },
      channels: ['gametime'],
    },
  });
  const { listingId } = listed.body;
  await organizers('PUT /v1/channels/gametime', { key, body: { enabled: true } });
  const scope = { scope: 'marketplace', marketplace: 'gametime' };
  const own = await organizers('POST /v1/keys', { key, body: scope });
  const listing = await deps.listings.find({ organizationId, listingId });
  if (listing === undefined) throw new Error('nothing was listed');
  return { deps, marketplaces, key: own.body.key as string, listing, tickets, organizationId };
}

async function compare(offer: Offer, quantity: number): Promise<void> {
  const { deps, marketplaces, key, listing, tickets, organizationId } = offer;
  const whole: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const isMeasured = round >= WARM_UP;
    const holdRequestId = `h-${quantity}-${round}`;
    const body = { holdRequestId, listingId: listing.listingId, quantity };
    const [placed, wholeMs] = await measure(async () =>
      marketplaces('POST /v1/marketplaces/gametime/holds', { key, body }),
    );
    if (placed.status !== 201) throw new Error(JSON.stringify(placed.body));
    await marketplaces(`DELETE /v1/marketplaces/gametime/holds/${holdRequestId}`, { key });
    const nowMs = Date.now();
    const chosen = tickets.slice(0, quantity);
    const hold = {
      organizationId,
      marketplace: 'gametime',
      holdRequestId: `${holdRequestId}-bare`,
      holdId: `${placed.body.holdId}b`,
      listingId: listing.listingId,
      eventId: listing.eventId,
      binding: true,
      tickets: chosen.map(toHeldTicket),
      quantity,
      unitPriceMinor: listing.unitPriceMinor,
      currency: listing.currency,
      status: 'HELD',
      expiresAtMs: nowMs + 600_000,
      createdAtMs: nowMs,
      digest: '',
    } as const;
    const [isPlaced, bareMs] = await measure(async () =>
      deps.holds.place({ hold, listing, tickets: chosen, nowMs }),
    );
    if (!isPlaced) throw new Error('the bare hold was not placed');
    await deps.holds.resolve(hold, 'RELEASED', nowMs);
    if (isMeasured) {
      whole.push(wholeMs);
      bare.push(bareMs);
    }
  }
  const print = (times: readonly number[]): string =>
    `p50 ${median(times).toFixed(2)} ms, p95 ${percentile(times, 95).toFixed(2)} ms`;
  const ratio = median(whole) / median(bare);
  console.log(`hold of ${quantity}: ${print(whole)}; bare transaction: ${print(bare)}`);
  console.log(`  ${ratio.toFixed(2)} times the bare transaction`);
}

async function measure<T>(work: () => Promise<T>): Promise<readonly [T, number]> {
  const start = performance.now();
  const answer = await work();
  return [answer, performance.now() - start];
}
