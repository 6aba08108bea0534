// An organization on a fresh table, with the organizer's and the scanner's API before it and a clock that tests move.
import { createOrganizersContainer } from '../../lib/runtime/container/organizers.ts';
import type { ScanMessage } from '../../lib/app/door/ports.ts';
import { createDoorContainer, type DoorDeps } from '../../lib/runtime/container/door.ts';
import { createScansContainer, type ScansDeps } from '../../lib/runtime/container/scans.ts';
import { createExchangesContainer } from '../../lib/runtime/container/exchanges.ts';
import { createOrdersContainer } from '../../lib/runtime/container/orders.ts';
import { createTicketsContainer } from '../../lib/runtime/container/tickets.ts';
import { createAdminContainer } from '../../lib/runtime/container/admin.ts';
import { EXCHANGE_ROUTES } from '../../lib/http/routes/exchanges/exchanges.ts';
import { ORDER_ROUTES } from '../../lib/http/routes/orders/routes.ts';
import { ORGANIZER_ROUTES } from '../../lib/http/routes/organizers/routes.ts';
import { DOOR_ROUTES } from '../../lib/http/routes/door/routes.ts';
import { SCAN_ROUTES } from '../../lib/http/routes/scans/routes.ts';
import { TICKET_ROUTES } from '../../lib/http/routes/tickets/routes.ts';
import { BatchWriteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import pMap from 'p-map';
import type { Ticket } from '../../lib/domain/ticket.ts';
import { toTicketItem } from '../../lib/table/ticket-item.ts';
import type { PipelineDeps } from '../../lib/http/pipeline.ts';
import { type Api, createApi } from './api.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { createTestTable, type TestTable } from './table.ts';

/** Every line that was logged by anything of a world. */
export const LOGGED: string[] = [];
const note = (line: string): void => void LOGGED.push(line);
/** Refusals are part of tests; an unexpected error is shown. */
export const QUIET = createLogger({
  info: note,
  error: (line: string) => {
    note(line);
    console.error(line);
  },
});
/** For tests whose errors are meant. */
export const SILENT = createLogger({ info: note, error: note });

export interface World extends TestTable {
  readonly clock: { nowMs: number };
  /** The families of organizers, tickets, orders and exchanges. */
  readonly organizers: Api;
  readonly scans: Api;
  readonly door: Api;
  /** What was sent to the scans queue. */
  readonly refusals: ScanMessage[];
  readonly newOrganization: () => Promise<{
    readonly organizationId: string;
    readonly keyId: string;
    readonly key: string;
  }>;
  readonly put: (ticket: Ticket) => Promise<void>;
  /** Many at once, for long lists. */
  readonly putAll: (tickets: readonly Ticket[]) => Promise<void>;
}

/** DynamoDB quota. */
const BATCH_MAX = 25;
const BATCHES = 4;

export async function createWorld(
  overrides: Partial<PipelineDeps> = {},
  given?: TestTable,
): Promise<World> {
  const table = given ?? (await createTestTable());
  const env = { TABLE_NAME: table.tableName, SCANS_QUEUE_URL: 'http://127.0.0.1:9/none' };
  const refusals: ScanMessage[] = [];

  const clock = { nowMs: Date.UTC(2026, 5, 1, 20) };
  const shared = { clock: () => clock.nowMs, logger: QUIET };
  const admin = createAdminContainer(env, table.bare);
  return {
    ...table,
    clock,
    organizers: createApi(
      [...ORGANIZER_ROUTES, ...TICKET_ROUTES, ...ORDER_ROUTES, ...EXCHANGE_ROUTES],
      {
        ...createOrganizersContainer(env, table.bare),
        ...createTicketsContainer(env, table.bare),
        ...createOrdersContainer(env, table.bare),
        ...createExchangesContainer(env, table.bare),
        ...shared,
        ...overrides,
      },
    ),
    refusals,
    scans: createApi<ScansDeps>(SCAN_ROUTES, {
      ...createScansContainer(env, table.bare),
      ...shared,
      tellRefusal: async (message) => void refusals.push(message),
    }),
    door: createApi<DoorDeps>(DOOR_ROUTES, {
      ...createDoorContainer(env, table.bare),
      ...shared,
      sendScans: async (messages) => void refusals.push(...messages),
    }),
    async newOrganization() {
      const made = await admin.createOrganization({ name: 'Test Hall' });
      if (!made.ok) throw new Error(made.refusal.code);
      return made.value;
    },
    async put(ticket) {
      await table.client.send(
        new PutCommand({ TableName: table.tableName, Item: toTicketItem(ticket) }),
      );
    },
    async putAll(tickets) {
      const batches: (readonly Ticket[])[] = [];
      for (let from = 0; from < tickets.length; from += BATCH_MAX) {
        batches.push(tickets.slice(from, from + BATCH_MAX));
      }
      await pMap(
        batches,
        async (batch) => {
          const puts = batch.map((ticket) => ({ PutRequest: { Item: toTicketItem(ticket) } }));
          const RequestItems = { [table.tableName]: puts };
          await table.client.send(new BatchWriteCommand({ RequestItems }));
        },
        { concurrency: BATCHES },
      );
    },
  };
}
