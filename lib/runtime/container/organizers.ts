// What the organizer's function is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createOutboundHttp } from '../../adapters/outbound-http.ts';
import { toQrSvg } from '../../adapters/qr-code.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import type { ChannelDeps } from '../../app/channels/manage-channels.ts';
import type { EventStore } from '../../app/event-ports.ts';
import { toNewId } from '../../app/ids.ts';
import type { MessageStore } from '../../app/message-ports.ts';
import type { DifferenceStore } from '../../app/reconcile-ports.ts';
import type { OrganizationStore } from '../../app/organization-ports.ts';
import type { DeviceDeps } from '../../http/routes/organizers/devices.ts';
import { createCallStore } from '../../table/call-store.ts';
import { createChannelStore } from '../../table/channel-store.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createDifferenceStore } from '../../table/reconcile-store.ts';
import { createMessageStore } from '../../table/message-store.ts';
import { createKeyStore, createOrganizationStore } from '../../table/organization-store.ts';
import { allowsLoopback, readEnv } from '../env.ts';
import { createPipelineDeps } from './pipeline-deps.ts';

export interface OrganizersDeps extends PipelineDeps, DeviceDeps, ChannelDeps {
  readonly organizations: OrganizationStore;
  readonly events: EventStore;
  readonly messages: MessageStore;
  readonly differences: DifferenceStore;
}

export function createOrganizersContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): OrganizersDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  return {
    ...createPipelineDeps(bare, access),
    organizations: createOrganizationStore(access),
    keys: createKeyStore(access),
    events: createEventStore(access),
    messages: createMessageStore(access, (nowMs) => toNewId('outbox', nowMs)),
    channels: createChannelStore(access),
    calls: createCallStore(access),
    differences: createDifferenceStore(access),
    http: createOutboundHttp({ allowsLoopback: allowsLoopback(env) }),
    toQrSvg,
  };
}
