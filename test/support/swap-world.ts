// An organization with SecureSwap on, sold tickets, and TicketSwap before it: a client that knows nothing but the
// protocol.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import type { RateLimiter } from '../../lib/app/ports.ts';
import { ok } from '../../lib/domain/result.ts';
import { getPdf } from '../../lib/http/routes/pdfs/get-pdf.ts';
import { TICKETSWAP_ROUTES } from '../../lib/http/routes/ticketswap/routes.ts';
import { EXCHANGE_ROUTES } from '../../lib/http/routes/exchanges/exchanges.ts';
import { ORDER_ROUTES } from '../../lib/http/routes/orders/routes.ts';
import { SCAN_ROUTES } from '../../lib/http/routes/scans/routes.ts';
import { TICKET_ROUTES } from '../../lib/http/routes/tickets/routes.ts';
import { createExchangesContainer } from '../../lib/runtime/container/exchanges.ts';
import { createOrdersContainer } from '../../lib/runtime/container/orders.ts';
import { createScansContainer, type ScansDeps } from '../../lib/runtime/container/scans.ts';
import { createTicketsContainer } from '../../lib/runtime/container/tickets.ts';
import { createPdfsContainer } from '../../lib/runtime/container/pdfs.ts';
import { createTicketswapContainer } from '../../lib/runtime/container/ticketswap.ts';
import { type Api, createApi, type Reply } from './api.ts';
import { toLean } from './lean-client.ts';
import { createOrderWorld, type EventToSell, type OrderWorld } from './order-world.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { createTestTable, type TestTable } from './table.ts';
import { QUIET } from './world.ts';

const SILENT = createLogger({ info: () => {}, error: () => {} });

export const BUYER = { firstName: 'Grace', lastName: 'Hopper', email: 'grace@example.com' };

// oxlint-disable-next-line typescript/no-explicit-any -- as it was answered
type Sold = any;

export interface SwapWorld extends OrderWorld {
  readonly ticketswap: Api;
  /** TicketSwap's key of the organization. */
  readonly swapKey: string;
  /** The same routes over another client, such as one that dies. */
  readonly ticketswapOver: (bare: DynamoDBClient, limiter?: RateLimiter) => Api;
  /** All that may happen to a ticket at one moment, over another client, such as one that meets faults. */
  readonly over: (bare: DynamoDBClient) => {
    readonly ticketswap: Api;
    readonly organizers: Api;
    readonly scans: Api;
  };
  readonly setSwitches: (on: boolean) => Promise<void>;
  readonly sellOne: (event: EventToSell, sale?: Record<string, unknown>) => Promise<Sold>;
  readonly validate: (barcode: string) => Promise<Reply>;
  readonly swap: (
    barcode: string,
    buyer?: Record<string, unknown>,
    ticket?: Record<string, unknown>,
  ) => Promise<Reply>;
  readonly lock: (ticketId: number) => Promise<Reply>;
  readonly unlock: (ticketId: number) => Promise<Reply>;
  /** Everything in the table. */
  readonly allItems: () => Promise<Record<string, unknown>[]>;
}

export async function createSwapWorld(table?: TestTable): Promise<SwapWorld> {
  const world = await createOrderWorld(table ?? toLean(await createTestTable()));
  const { key, clock, organizers } = world;
  const env = { TABLE_NAME: world.tableName };
  const ticketswapOver: SwapWorld['ticketswapOver'] = (bare, limiter = () => ok(undefined)) =>
    createApi([...TICKETSWAP_ROUTES, getPdf], {
      ...createPdfsContainer(env, bare),
      ...createTicketswapContainer(env, bare),
      clock: () => clock.nowMs,
      logger: bare === world.bare ? QUIET : SILENT,
      limiter,
    });
  const ticketswap = ticketswapOver(world.bare);
  const setSwitches = async (enabled: boolean): Promise<void> => {
    await organizers('PATCH /v1/organization', { key, body: { secureSwap: { enabled } } });
  };
  await setSwitches(true);
  const made = await world.post('/v1/keys', { scope: 'marketplace', marketplace: 'ticketswap' });
  const swapKey = made.body.key;
  return {
    ...world,
    swapKey,
    ticketswap,
    ticketswapOver,
    over(bare) {
      const shared = { clock: () => clock.nowMs, logger: SILENT, limiter: () => ok(undefined) };
      const scansEnv = { ...env, SCANS_QUEUE_URL: 'http://127.0.0.1:9/none' };
      return {
        ticketswap: ticketswapOver(bare),
        organizers: createApi([...TICKET_ROUTES, ...ORDER_ROUTES, ...EXCHANGE_ROUTES], {
          ...createTicketsContainer(env, bare),
          ...createOrdersContainer(env, bare),
          ...createExchangesContainer(env, bare),
          ...shared,
        }),
        scans: createApi<ScansDeps>(SCAN_ROUTES, {
          ...createScansContainer(scansEnv, bare),
          ...shared,
          tellRefusal: async () => {},
        }),
      };
    },
    setSwitches,

    async sellOne(event, sale = {}) {
      const buyer = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.com' };
      const payment = { paymentType: 'CASH' };
      const sold = await world.sell(event, { buyer, payment, ...sale });
      if (sold.status !== 201) throw new Error(JSON.stringify(sold.body));
      return { ...sold.body.tickets[0], orderId: sold.body.orderId };
    },

    validate: async (barcode) =>
      ticketswap(`GET /ticketswap/validate?barcode=${encodeURIComponent(barcode)}`, {
        key: swapKey,
      }),

    async swap(barcode, buyer = {}, ticket = {}) {
      clock.nowMs += 1;
      const customer = { ...BUYER, ...buyer };
      const body = { ticket: { barcode, ...ticket }, customer };
      return ticketswap('POST /ticketswap/swap', { key: swapKey, body });
    },

    lock: async (ticketId) => ticketswap(`POST /ticketswap/lock/${ticketId}`, { key: swapKey }),
    unlock: async (ticketId) => ticketswap(`DELETE /ticketswap/lock/${ticketId}`, { key: swapKey }),

    async allItems() {
      const items: Record<string, unknown>[] = [];
      for await (const page of paginateScan(
        { client: world.client },
        { TableName: world.tableName, ConsistentRead: true },
      )) {
        items.push(...(page.Items ?? []));
      }
      return items.toSorted((a, b) => (`${a['pk']} ${a['sk']}` < `${b['pk']} ${b['sk']}` ? -1 : 1));
    },
  };
}
