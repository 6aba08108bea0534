// What TicketSwap's function is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ContactStore } from '../../app/contact-ports.ts';
import { toNewId } from '../../app/ids.ts';
import type { OrderStore } from '../../app/order-ports.ts';
import type { LockDeps } from '../../app/swaps/lock-ticket.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import { createContactStore } from '../../table/contact-store.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createOrderStore } from '../../table/order-store.ts';
import { createOrganizationStore } from '../../table/organization-store.ts';
import { createSwapStore } from '../../table/swap-store.ts';
import { createTicketStore } from '../../table/ticket-store.ts';
import { readEnv } from '../env.ts';
import { createPipelineDeps } from './pipeline-deps.ts';

export interface TicketswapDeps extends PipelineDeps, LockDeps {
  readonly contacts: ContactStore;
  readonly orders: OrderStore;
}

export function createTicketswapContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): TicketswapDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  const toOutboxId = (nowMs: number): string => toNewId('outbox', nowMs);
  return {
    ...createPipelineDeps(bare, access),
    orders: createOrderStore(access, toOutboxId),
    organizations: createOrganizationStore(access),
    contacts: createContactStore(access),
    events: createEventStore(access),
    tickets: createTicketStore(access),
    swaps: createSwapStore(access, toOutboxId),
  };
}
