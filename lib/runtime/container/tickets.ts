// What the function of tickets and contacts is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { ContactReader, ContactStore } from '../../app/contact-ports.ts';
import type { ErasureStore } from '../../app/erasure-ports.ts';
import type { EventStore } from '../../app/event-ports.ts';
import { toNewId } from '../../app/ids.ts';
import type { SuppressionStore } from '../../app/mail-ports.ts';
import type { OrderStore } from '../../app/order-ports.ts';
import type { TicketChangeStore, TicketStore } from '../../app/ticket-ports.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import { createContactReader } from '../../table/contact-reader.ts';
import { createContactStore } from '../../table/contact-store.ts';
import { createErasureStore } from '../../table/erasure-store.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createOrderStore } from '../../table/order-store.ts';
import { createSuppressionStore } from '../../table/suppression-store.ts';
import { createTicketChangeStore } from '../../table/ticket-change-store.ts';
import { createTicketStore } from '../../table/ticket-store.ts';
import { readEnv } from '../env.ts';
import { createPipelineDeps } from './pipeline-deps.ts';

export interface TicketsDeps extends PipelineDeps {
  readonly events: EventStore;
  readonly tickets: TicketStore;
  readonly changes: TicketChangeStore;
  readonly orders: OrderStore;
  readonly contacts: ContactStore;
  readonly contactReader: ContactReader;
  readonly erasures: ErasureStore;
  readonly suppressions: SuppressionStore;
}

export function createTicketsContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): TicketsDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  const contacts = createContactStore(access);
  const toOutboxId = (nowMs: number): string => toNewId('outbox', nowMs);
  return {
    ...createPipelineDeps(bare, access),
    events: createEventStore(access),
    tickets: createTicketStore(access),
    changes: createTicketChangeStore(access, toOutboxId),
    orders: createOrderStore(access, toOutboxId),
    contacts,
    erasures: createErasureStore(access, toOutboxId),
    suppressions: createSuppressionStore(access),
    contactReader: createContactReader(access, contacts),
  };
}
