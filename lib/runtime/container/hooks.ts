// What the function behind the addresses of channels is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { admitInbound, type AdmitDeps } from '../../app/channels/admit-inbound.ts';
import { toNewId } from '../../app/ids.ts';
import type { InvoiceDeps } from '../../app/marketplaces/invoice-hold.ts';
import type { PlaceHoldDeps } from '../../app/marketplaces/place-hold.ts';
import type { ChannelStore } from '../../app/channel-ports.ts';
import type {
  HoldStore,
  ListingStore,
  LooseHoldStore,
  SaleStore,
} from '../../app/marketplace-ports.ts';
import type { OrderStore } from '../../app/order-ports.ts';
import type { NativeNoticeDeps } from '../../http/routes/hooks/notifications.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import { NOTICE_FORMATS } from '../../marketplaces/notice-formats.ts';
import { createChannelStore } from '../../table/channel-store.ts';
import { createContactStore } from '../../table/contact-store.ts';
import { createDeliveryMemory } from '../../table/delivery-memory.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createHoldStore } from '../../table/hold-store.ts';
import { createListingStore } from '../../table/listing-store.ts';
import { createLooseHoldStore } from '../../table/loose-hold-store.ts';
import { createOrderStore } from '../../table/order-store.ts';
import { createSaleStore } from '../../table/sale-store.ts';
import { readEnv } from '../env.ts';
import { createNoticeIntake } from './notice-intake.ts';
import { createPipelineDeps } from './pipeline-deps.ts';

export interface HooksDeps
  extends
    PipelineDeps,
    PlaceHoldDeps,
    InvoiceDeps,
    NativeNoticeDeps,
    Pick<AdmitDeps, 'deliveries'> {
  readonly listings: ListingStore;
  readonly holds: HoldStore;
  readonly orders: OrderStore;
  readonly sales: SaleStore;
  readonly looseHolds: LooseHoldStore;
  readonly channels: ChannelStore;
}

export function createHooksContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
  sqs = new SQSClient({}),
): HooksDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  const toOutboxId = (nowMs: number): string => toNewId('outbox', nowMs);
  const pipeline = createPipelineDeps(bare, access);
  const admitting = {
    access: pipeline.access,
    channels: createChannelStore(access),
    deliveries: createDeliveryMemory(access),
  };
  return {
    ...pipeline,
    ...admitting,
    ...createNoticeIntake(env, access, sqs),
    formats: NOTICE_FORMATS,
    admitInbound: async (request) => admitInbound(admitting, request),
    listings: createListingStore(access, toOutboxId),
    holds: createHoldStore(access, toOutboxId),
    looseHolds: createLooseHoldStore(access),
    events: createEventStore(access),
    orders: createOrderStore(access, toOutboxId),
    contacts: createContactStore(access),
    sales: createSaleStore(access, toOutboxId),
  };
}
