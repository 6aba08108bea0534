// Buyers at many marketplaces who fight for the same listings, over a table that conflicts, throttles and loses replies,
// by servers whose clocks are two seconds apart. What each was told is kept, and the table is read whole at the end.
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { MARKETPLACES, type Marketplace } from '../../lib/domain/access.ts';
import type { Hold } from '../../lib/domain/marketplaces/hold.ts';
import type { Result } from '../../lib/domain/result.ts';
import { fromHoldItem } from '../../lib/table/hold-item.ts';
import type { TicketItem } from '../../lib/table/ticket-item.ts';
import { openDatabase } from './aws.ts';
import { createLeanFaultyClient, createRandom } from './faulty-client.ts';
import { createHoldWorld, createMarketplaceCalls } from './hold-world.ts';
import { createTestTable } from './table.ts';

const BUYERS = 64;
/** Servers; their clocks are spread over two seconds. */
const SERVERS = 5;
const CLOCK_SPREAD_MS = 2_000;
const FAULTS = { conflict: 0.01, throttle: 0.01, lostReply: 0.03 };
/** Of the answers: whatever was done, the marketplace never hears it. */
const LOST_ANSWERS = 0.03;
/** Short against the steps of the clock, so that many holds end by it. */
const HOLD_MS_MAX = 6_000;
const STEP_MS_MAX = 6;
/** As long as the clock may jump: all holds come nearer to their end by it. */
const SOON_MS = 100;
/** Of how many listings buyers choose: the newest, which have tickets. */
const LISTINGS = 8;

export type Race = Awaited<ReturnType<typeof createRace>>;

/** A call for a hold. Its place in the race's order says what it came after: `began` and `ended` are counted together. */
export interface Told {
  readonly requestId: string;
  readonly marketplace: Marketplace;
  readonly what: 'place' | 'extend' | 'release' | 'invoice' | 'read';
  readonly began: number;
  readonly ended: number;
  /** What the fastest clock of a server said when it ended. */
  readonly latestMs: number;
  /** Undefined: the answer got lost, and what was asked for may be done. */
  readonly answer: Result<unknown> | undefined;
}

export async function createRace(seed: number) {
  openDatabase();
  const { tableName } = await createTestTable();
  // Beside the race nothing fails, but it meets the engine when that is busy.
  const { client: bare } = createLeanFaultyClient({ conflict: 0, throttle: 0, lostReply: 0 }, seed);
  const world = await createHoldWorld({
    tableName,
    bare,
    client: DynamoDBDocumentClient.from(bare),
  });
  const random = createRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const event = await world.newEvent();
  const listings: { readonly listingId: string; readonly size: number }[] = [];
  const list = async (size: number): Promise<void> => {
    const { listingId } = await world.listSeats(event, size, { channels: [...MARKETPLACES] });
    listings.push({ listingId, size });
  };
  for (let size = 1; size <= LISTINGS; size += 1) await list(size);
  const servers = Array.from({ length: SERVERS }, (_, at) => {
    const skewMs = Math.round((at / (SERVERS - 1) - 0.5) * CLOCK_SPREAD_MS);
    const { client } = createLeanFaultyClient(FAULTS, seed + at);
    const calls = createMarketplaceCalls(world, client, () => world.clock.nowMs + skewMs);
    return { ...calls, skewMs };
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
    failures: [] as string[],
    /** What each request asks for, so that a repeat asks for the same. */
    asked: new Map<string, { readonly listingId: string; readonly size: number }>(),
    /** Until when each is held, as somebody heard it last. */
    heardMs: new Map<string, number>(),
    order: { count: 0 },
    /** Tickets that were sold and have no successor yet. */
    sold: { count: 0 },
  };
}

/** So many operations of all buyers at once; sold tickets are followed by new listings. */
export async function runRace(race: Race, operations: number): Promise<void> {
  let left = operations;
  const buy = async (buyer: number): Promise<void> => {
    const marketplace = MARKETPLACES[buyer % MARKETPLACES.length] ?? 'gametime';
    const requests: string[] = [];
    while (left > 0) {
      left -= 1;
      race.world.clock.nowMs += Math.floor(race.random() * STEP_MS_MAX);
      await act(race, { marketplace, requests, name: `b${buyer}` });
      await restock(race);
    }
  };
  await Promise.all(Array.from({ length: BUYERS }, async (_, at) => buy(at)));
}

async function restock({ sold, random, list }: Race): Promise<void> {
  const size = 1 + Math.floor(random() * 8);
  if (sold.count < size) return;
  sold.count -= size;
  await list(size);
}

interface Buyer {
  readonly marketplace: Marketplace;
  readonly requests: string[];
  readonly name: string;
}

/** One call, or the same one again; now and then the minute's sweep. */
async function act(race: Race, { marketplace, requests, name }: Buyer): Promise<void> {
  const { pick, random, told, order } = race;
  const server = pick(race.servers);
  if (random() < 0.01) return sweep(race, server);
  const what = requests.length === 0 ? 'place' : pick(WHATS);
  // Now and then a release comes before its hold.
  const isNew = requests.length === 0 || random() < (what === 'place' ? 0.6 : 0.05);
  const requestId = isNew ? `${name}-${order.count}` : pick(requests.slice(-3));
  if (what === 'invoice' || what === 'extend') meetExpiry(race, server, requestId);
  const began = (order.count += 1);
  const done = await ask(race, server, { marketplace, requestId, what }).catch(
    (error: unknown) => void race.failures.push(error instanceof Error ? error.name : 'unknown'),
  );
  const answer = random() < LOST_ANSWERS ? undefined : done;
  const latestMs = race.world.clock.nowMs + CLOCK_SPREAD_MS / 2;
  const ended = (order.count += 1);
  told.push({ requestId, marketplace, what, began, ended, latestMs, answer });
  if (answer?.ok === true && what !== 'invoice' && what !== 'release') {
    race.heardMs.set(requestId, (answer.value as Hold).expiresAtMs);
  }
  if (answer?.ok === true && what === 'invoice') {
    race.sold.count += (answer.value as Pick<Hold, 'tickets'>).tickets.length;
  }
  // Nothing more can be done with what was refused.
  if (isNew && (answer?.ok !== false || what !== 'place')) requests.push(requestId);
}

const WHATS = ['place', 'place', 'extend', 'release', 'invoice', 'read'] as const;

type Server = Race['servers'][number];

/** Of a hold that is over soon: the clock goes on to that moment, for the server that is asked, or to one beside it. */
function meetExpiry({ pick, heardMs, world }: Race, server: Server, requestId: string) {
  const expiresAtMs = heardMs.get(requestId);
  if (expiresAtMs === undefined) return;
  const atMs = expiresAtMs - server.skewMs + pick([-1, 0, 1]);
  const waitMs = atMs - world.clock.nowMs;
  if (waitMs > 0 && waitMs < SOON_MS) world.clock.nowMs = atMs;
}

async function sweep(race: Race, server: Server): Promise<void> {
  await server.expire().catch((error: unknown) => {
    race.failures.push(error instanceof Error ? error.name : 'unknown');
  });
}

async function ask(
  race: Race,
  server: Server,
  { marketplace, requestId, what }: Pick<Told, 'marketplace' | 'requestId' | 'what'>,
): Promise<Result<unknown>> {
  const toExpiry = (): number => server.now() + 1 + Math.floor(race.random() * HOLD_MS_MAX);
  switch (what) {
    case 'place': {
      const { listingId, size } = toListing(race, requestId);
      return server.place({
        marketplace,
        holdRequestId: requestId,
        listingId,
        quantity: 1 + (requestId.length % size),
        expiresAtMs: toExpiry(),
      });
    }
    case 'extend':
      return server.extend(requestId, toExpiry(), marketplace);
    case 'release':
      return server.release(requestId, marketplace);
    case 'invoice':
      return server.invoice(requestId, `order-${requestId}`, { marketplace });
    case 'read':
      return server.read(requestId, marketplace);
  }
}

function toListing({ pick, listings, asked }: Race, requestId: string) {
  const found = asked.get(requestId) ?? pick(listings.slice(-LISTINGS));
  asked.set(requestId, found);
  return found;
}

/** All of the table's holds and what belongs to them, found by no index. */
export async function scanRace({ world }: Race) {
  const items: Record<string, unknown>[] = [];
  for await (const { Items = [] } of paginateScan(
    { client: world.client },
    { TableName: world.tableName, ConsistentRead: true },
  )) {
    items.push(...Items);
  }
  const of = (kind: string) => items.filter((item) => item['kind'] === kind);
  return {
    holds: of('hold').map((item) => fromHoldItem(item) as Hold),
    tickets: of('ticket') as unknown as TicketItem[],
    sales: of('sale'),
    orders: of('order'),
    /** What counts tickets as held, by hold. */
    counted: of('held').map((item) => String(item['sk'])),
  };
}
