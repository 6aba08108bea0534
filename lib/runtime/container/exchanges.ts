// What the exchanges' function is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { EventStore } from '../../app/event-ports.ts';
import { toNewId } from '../../app/ids.ts';
import type { OrderStore } from '../../app/order-ports.ts';
import type { OrganizationStore } from '../../app/organization-ports.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createOrderStore } from '../../table/order-store.ts';
import { createOrganizationStore } from '../../table/organization-store.ts';
import { readEnv } from '../env.ts';
import { createPipelineDeps } from './pipeline-deps.ts';

export interface ExchangesDeps extends PipelineDeps {
  readonly orders: OrderStore;
  readonly events: EventStore;
  readonly organizations: OrganizationStore;
}

export function createExchangesContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): ExchangesDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  return {
    ...createPipelineDeps(bare, access),
    orders: createOrderStore(access, (nowMs) => toNewId('outbox', nowMs)),
    events: createEventStore(access),
    organizations: createOrganizationStore(access),
  };
}
