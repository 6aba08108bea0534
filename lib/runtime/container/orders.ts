// What the orders' function is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ContactStore } from '../../app/contact-ports.ts';
import type { PaymentReportStore } from '../../app/report-ports.ts';
import { createContactStore } from '../../table/contact-store.ts';
import { createPaymentReportStore } from '../../table/payment-report-store.ts';
import { readEnv } from '../env.ts';
import { createOrderDeps, type OrderDeps } from './order-deps.ts';

export interface OrdersDeps extends OrderDeps {
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
    ...createOrderDeps(bare, access),
    contacts: createContactStore(access),
    payments: createPaymentReportStore(access),
  };
}
