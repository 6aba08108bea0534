// What every function is made of that sells, settles or exchanges.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { EventStore } from '../../app/event-ports.ts';
import { toNewId } from '../../app/ids.ts';
import type { OrderStore } from '../../app/order-ports.ts';
import type { OrganizationStore } from '../../app/organization-ports.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createOrderStore } from '../../table/order-store.ts';
import { createOrganizationStore } from '../../table/organization-store.ts';
import type { TableAccess } from '../../table/table-access.ts';
import { createPipelineDeps } from './pipeline-deps.ts';

export interface OrderDeps extends PipelineDeps {
  readonly orders: OrderStore;
  readonly events: EventStore;
  readonly organizations: OrganizationStore;
}

export const createOrderDeps = (bare: DynamoDBClient, access: TableAccess): OrderDeps => ({
  ...createPipelineDeps(bare, access),
  orders: createOrderStore(access, (nowMs) => toNewId('outbox', nowMs)),
  events: createEventStore(access),
  organizations: createOrganizationStore(access),
});
