// Buyers at many marketplaces who fight for the same listings, over a table that conflicts, throttles and loses replies,
// by servers whose clocks are two seconds apart. What each was told is kept, and the table is read whole at the end.
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { MARKETPLACES, type Marketplace } from '../../lib/domain/access.ts';
import type { Hold } from '../../lib/domain/marketplaces/hold.ts';
import type { Result } from '../../lib/domain/result.ts';
import { fromHoldItem } from '../../lib/table/hold-item.ts';
import type { TicketItem } from '../../lib/table/ticket-item.ts';
import { createFaultyClient, createRandom } from './faulty-client.ts';
import { createHoldWorld, createMarketplaceCalls } from './hold-world.ts';

const BUYERS = 64;
/** Servers; their clocks are spread over two seconds. */
const SERVERS = 5;
const CLOCK_SPREAD_MS = 2_000;
const FAULTS = { conflict: 0.01, throttle: 0.01, lostReply: 0.03 };
/** Short against the steps of the clock, so that invoices and expiry meet. */
const HOLD_MS_MAX = 6_000;
const STEP_MS_MAX = 20;

type Race = Awaited<ReturnType<typeof createRace>>;

/** What somebody was told of a hold, in the order in which it was told. */
export interface Told {
  readonly requestId: string;
  readonly marketplace: Marketplace;
  readonly what: 'place' | 'extend' | 'release' | 'invoice' | 'read';
  readonly answer: Result<unknown>;
}

export async function createRace(seed: number) {
  const world = await createHoldWorld();
  const random = createRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const event = await world.newEvent();
  const listings: { readonly listingId: string; readonly size: number }[] = [];
  const list = async (size: number): Promise<void> => {
    const { listingId } = await world.listSeats(event, size, { channels: [...MARKETPLACES] });
    listings.push({ listingId, size });
  };
  for (let size = 1; size <= 8; size += 1) await list(size);
  const servers = Array.from({ length: SERVERS }, (_, at) => {
    const skewMs = Math.round((at / (SERVERS - 1) - 0.5) * CLOCK_SPREAD_MS);
    const { client } = createFaultyClient(FAULTS, seed + at);
    return createMarketplaceCalls(world, client, () => world.clock.nowMs + skewMs);
  });
  return {
    world,
    event,
    random,
    pick,
    listings,
    list,
    servers,
    told: [] as Told[],
    failures: new Set<string>(),
  };
}

/** So many operations of all buyers at once; sold listings are followed by new ones. */
export async function runRace(race: Race, operations: number): Promise<void> {
  let left = operations;
  const buy = async (buyer: number): Promise<void> => {
    const marketplace = MARKETPLACES[buyer % MARKETPLACES.length] ?? 'gametime';
    const requests: string[] = [];
    while (left > 0) {
      left -= 1;
      race.world.clock.nowMs += Math.floor(race.random() * STEP_MS_MAX);
      await act(race, { marketplace, requests, name: `b${buyer}` });
    }
  };
  const isOver = (): boolean => left <= 0;
  const restock = async (): Promise<void> => {
    while (!isOver()) {
      if ((await countFree(race)) < 24) await race.list(1 + Math.floor(race.random() * 8));
      else await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  await Promise.all([restock(), ...Array.from({ length: BUYERS }, async (_, at) => buy(at))]);
}

async function countFree({ listings, world }: Race): Promise<number> {
  const recent = listings.slice(-8);
  const asked = await Promise.allSettled(
    recent.map(async ({ listingId }) => world.calls.ask(listingId)),
  );
  const answers = asked.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
  return answers.reduce((sum, each) => sum + (each.ok ? each.value.availableQuantity : 0), 0);
}

interface Buyer {
  readonly marketplace: Marketplace;
  readonly requests: string[];
  readonly name: string;
}

/** One call, or the same one twice; a server that failed was asked, and may have done it. */
async function act(race: Race, { marketplace, requests, name }: Buyer): Promise<void> {
  const { pick, random, told } = race;
  const server = pick(race.servers);
  const what = requests.length === 0 ? 'place' : pick(WHATS);
  // Now and then a release comes before its hold.
  const isNew = requests.length === 0 || random() < (what === 'place' ? 0.6 : 0.05);
  const requestId = isNew ? `${name}-${told.length}` : pick(requests.slice(-3));
  const calls: Readonly<Record<Told['what'], () => Promise<Result<unknown>>>> = {
    place: async () => {
      // By the name, so that a repeat asks for the same.
      const { listingId, size } = toListing(race, requestId);
      const quantity = 1 + (requestId.length % size);
      const expiresAtMs = server.now() + 1 + Math.floor(random() * HOLD_MS_MAX);
      return server.place({
        marketplace,
        holdRequestId: requestId,
        listingId,
        quantity,
        expiresAtMs,
      });
    },
    extend: async () =>
      server.extend(requestId, server.now() + 1 + Math.floor(random() * HOLD_MS_MAX), marketplace),
    release: async () => server.release(requestId, marketplace),
    invoice: async () => server.invoice(requestId, `order-${requestId}`, { marketplace }),
    read: async () => server.read(requestId, marketplace),
  };
  try {
    const answer = await calls[what]();
    told.push({ requestId, marketplace, what, answer });
    // Nothing more can be done with what was refused.
    if (isNew && (answer.ok || what !== 'place')) requests.push(requestId);
  } catch (error) {
    // An answer that nobody got.
    if (isNew) requests.push(requestId);
    race.failures.add(error instanceof Error ? error.name : String(error));
  }
}

const WHATS = ['place', 'place', 'extend', 'release', 'invoice', 'read'] as const;

const chosen = new Map<string, { readonly listingId: string; readonly size: number }>();
function toListing({ pick, listings }: Race, requestId: string) {
  const found = chosen.get(requestId) ?? pick(listings.slice(-8));
  chosen.set(requestId, found);
  return found;
}

/** All of the table's holds and tickets, found by no index. */
export async function scanRace({ world }: Race) {
  const items: Record<string, unknown>[] = [];
  for (let start: Record<string, unknown> | undefined; ;) {
    const page = await world.client.send(
      new ScanCommand({
        TableName: world.tableName,
        ConsistentRead: true,
        ...(start === undefined ? {} : { ExclusiveStartKey: start }),
      }),
    );
    items.push(...(page.Items ?? []));
    start = page.LastEvaluatedKey;
    if (start === undefined) break;
  }
  const holds = items
    .filter(({ kind }) => kind === 'hold')
    .map((item) => fromHoldItem(item) as Hold);
  const tickets = items.filter(({ kind }) => kind === 'ticket') as unknown as TicketItem[];
  return { holds, tickets, sales: items.filter(({ kind }) => kind === 'sale'), items };
}
