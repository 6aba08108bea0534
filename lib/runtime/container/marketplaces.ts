// What the marketplaces' function is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ChannelStore } from '../../app/channel-ports.ts';
import type { ContactStore } from '../../app/contact-ports.ts';
import type { EventStore } from '../../app/event-ports.ts';
import { toNewId } from '../../app/ids.ts';
import type {
  HoldStore,
  ListingStore,
  LooseHoldStore,
  SaleStore,
} from '../../app/marketplace-ports.ts';
import type { TakeNoticeDeps } from '../../app/notices/take-notice.ts';
import type { OrderStore } from '../../app/order-ports.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import { createChannelStore } from '../../table/channel-store.ts';
import { createContactStore } from '../../table/contact-store.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createHoldStore } from '../../table/hold-store.ts';
import { createListingStore } from '../../table/listing-store.ts';
import { createLooseHoldStore } from '../../table/loose-hold-store.ts';
import { createOrderStore } from '../../table/order-store.ts';
import { createSaleStore } from '../../table/sale-store.ts';
import { readEnv } from '../env.ts';
import { createNoticeIntake } from './notice-intake.ts';
import { createPipelineDeps } from './pipeline-deps.ts';

export interface MarketplacesDeps extends PipelineDeps, TakeNoticeDeps {
  readonly listings: ListingStore;
  readonly holds: HoldStore;
  readonly looseHolds: LooseHoldStore;
  readonly sales: SaleStore;
  readonly channels: ChannelStore;
  readonly events: EventStore;
  readonly orders: OrderStore;
  readonly contacts: ContactStore;
}

export function createMarketplacesContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
  sqs = new SQSClient({}),
): MarketplacesDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  const toOutboxId = (nowMs: number): string => toNewId('outbox', nowMs);
  return {
    ...createPipelineDeps(bare, access),
    ...createNoticeIntake(env, access, sqs),
    listings: createListingStore(access, toOutboxId),
    holds: createHoldStore(access, toOutboxId),
    looseHolds: createLooseHoldStore(access),
    sales: createSaleStore(access, toOutboxId),
    channels: createChannelStore(access),
    events: createEventStore(access),
    orders: createOrderStore(access, toOutboxId),
    contacts: createContactStore(access),
  };
}
