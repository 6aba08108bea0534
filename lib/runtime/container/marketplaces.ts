// What the marketplaces' function is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ChannelStore } from '../../app/channel-ports.ts';
import type { ContactStore } from '../../app/contact-ports.ts';
import type { EvidenceKeys } from '../../app/evidence-ports.ts';
import type { EventStore } from '../../app/event-ports.ts';
import type {
  HoldStore,
  ListingStore,
  LooseHoldStore,
  SaleStore,
} from '../../app/marketplace-ports.ts';
import type { FindBuyer } from '../../app/notice-ports.ts';
import type { TakeNoticeDeps } from '../../app/notices/take-notice.ts';
import type { OrderStore } from '../../app/order-ports.ts';
import type { TimelineStore } from '../../app/timeline-ports.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import { createEvidenceKeys } from '../../adapters/evidence-keys.ts';
import { findSecret } from '../../table/organization-secret.ts';
import { createTimelineStore } from '../../table/timeline-store.ts';
import { readEnv } from '../env.ts';
import { createNoticeIntake } from './notice-intake.ts';
import { createPipelineDeps } from './pipeline-deps.ts';
import { createSaleDeps } from './sales.ts';

export interface MarketplacesDeps extends PipelineDeps, TakeNoticeDeps {
  readonly listings: ListingStore;
  readonly holds: HoldStore;
  readonly looseHolds: LooseHoldStore;
  readonly sales: SaleStore;
  readonly channels: ChannelStore;
  readonly events: EventStore;
  readonly orders: OrderStore;
  readonly contacts: ContactStore;
  readonly timeline: TimelineStore;
  readonly evidenceKeys: EvidenceKeys;
  readonly findBuyer: FindBuyer;
}

export function createMarketplacesContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
  sqs = new SQSClient({}),
): MarketplacesDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  return {
    ...createPipelineDeps(bare, access),
    ...createNoticeIntake(env, access, sqs),
    // It calls nobody: what only the marketplace knows is not known here.
    ...createSaleDeps(access, { read: async () => 'unable' }),
    timeline: createTimelineStore(access),
    evidenceKeys: createEvidenceKeys(async (id) => findSecret(access, id)),
  };
}
