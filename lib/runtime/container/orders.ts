// What the orders' function is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ContactStore } from '../../app/contact-ports.ts';
import type { EventStore } from '../../app/event-ports.ts';
import { toNewId } from '../../app/ids.ts';
import type { OrderStore } from '../../app/order-ports.ts';
import type { OrganizationStore } from '../../app/organization-ports.ts';
import type { PaymentReportStore } from '../../app/report-ports.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import { createContactStore } from '../../table/contact-store.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createOrderStore } from '../../table/order-store.ts';
import { createOrganizationStore } from '../../table/organization-store.ts';
import { createPaymentReportStore } from '../../table/payment-report-store.ts';
import { readEnv } from '../env.ts';
import { createPipelineDeps } from './pipeline-deps.ts';

export interface OrdersDeps extends PipelineDeps {
  readonly orders: OrderStore;
  readonly events: EventStore;
  readonly organizations: OrganizationStore;
  readonly contacts: ContactStore;
  readonly payments: PaymentReportStore;
}

export function createOrdersContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): OrdersDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  return {
    ...createPipelineDeps(bare, access),
    orders: createOrderStore(access, (nowMs) => toNewId('outbox', nowMs)),
    events: createEventStore(access),
    organizations: createOrganizationStore(access),
    contacts: createContactStore(access),
    payments: createPaymentReportStore(access),
  };
}
