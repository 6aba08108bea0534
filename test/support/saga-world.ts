// The whole way of an exchange that refunds two payments, from commit to mail, over a client through which each of its
// processes can die.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { OutboxEntry } from '../../lib/app/outbox-ports.ts';
import { ok } from '../../lib/domain/result.ts';
import { EXCHANGE_ROUTES } from '../../lib/http/routes/exchanges/exchanges.ts';
import { createExchangesContainer } from '../../lib/runtime/container/exchanges.ts';
import { createMailContainer } from '../../lib/runtime/container/mail.ts';
import { createRefundsContainer } from '../../lib/runtime/container/refunds.ts';
import { createLogger } from '../../lib/runtime/logger.ts';
import { createOutboxStore } from '../../lib/table/outbox-store.ts';
import { fromOutboxItem } from '../../lib/table/outbox.ts';
import type { BatchHandler } from '../../lib/workers/batch.ts';
import { createDispatcher } from '../../lib/workers/dispatch-outbox.ts';
import { createMailWorker } from '../../lib/workers/mail-queues.ts';
import { createRefundWorker } from '../../lib/workers/refund-queue.ts';
import { inject } from 'vitest';
import { createApi } from './api.ts';
import { testAwsConfig } from './aws.ts';
import { toSqsEvent } from './import-world.ts';
import { createLeanClient } from './lean-client.ts';
import { createLivesClient, toLifeClock } from './lives.ts';
import { createStreamReader } from './mail-world.ts';
import { createCopier, type OrderToCopy } from './order-copies.ts';
import { createOutside } from './outside.ts';
import { createRefundWorld } from './refund-world.ts';

/** Deaths are meant here, thousands of them. */
const MUTE = createLogger({ info: () => undefined, error: () => undefined });

/** `isLean` for the thousands of a campaign. */
export async function createSagaWorld(isLean: boolean) {
  const refunds = await createRefundWorld();
  const { world } = refunds;
  const { made, first, second, down } = await refunds.paidTwice();
  await refunds.stripe.close();
  const { event, to: ticketTypeId, orderId, eventTicketId, barcode } = made;
  const { organizationId } = world;
  const copy = await createCopier(world, {
    organizationId,
    eventId: event.eventId,
    ticketTypeId,
    orderId,
    eventTicketId,
    barcode,
    payments: [first, second],
  });
  const client = createLivesClient(isLean ? createLeanClient() : createDirectClient());
  const env = { ...refunds.env, MAIL_FROM: 'a@b.example', MAIL_CONFIGURATION_SET: 'test' };
  const clock = toLifeClock(() => world.clock.nowMs);
  const shared = { clock, logger: MUTE, limiter: () => ok(undefined) };
  const api = createApi(EXCHANGE_ROUTES, { ...createExchangesContainer(env, client), ...shared });
  const outside = createOutside();
  const { queues, provider, mailer } = outside;
  const access = { client: DynamoDBDocumentClient.from(client), tableName: world.tableName };
  const outbox = createOutboxStore(access);
  const dispatch = createDispatcher({ outbox, queues, fromOutboxItem, logger: MUTE });
  const refundDeps = createRefundsContainer(env, client);
  const stripe = { ...refundDeps.stripe, ...provider };
  const mailDeps = createMailContainer({ ...env, PUBLIC_URL: 'https://hall.example' }, client);
  const printTickets = async () => Buffer.from('%PDF');
  const exchange = async ({ orderId: id, eventTicketId: ticket }: OrderToCopy, key?: string) => {
    const headers = key === undefined ? {} : { headers: { 'idempotency-key': key } };
    return world.exchange({ event, orderId: id, eventTicketId: ticket, to: down, ...headers }, api);
  };
  return {
    world,
    outside,
    copy,
    exchange,
    streamed: await createStreamReader(world),
    /** Answers whether the stream is done with them. */
    dispatch: async (Records: DynamoDBRecord[]): Promise<boolean> =>
      (await dispatch({ Records })).batchItemFailures.length === 0,
    refund: toWork(createRefundWorker({ ...refundDeps, ...shared, stripe })),
    mail: toWork(createMailWorker({ ...mailDeps, ...shared, mailer, printTickets })),
    soldOf: async () => refunds.soldOf(made),
  };
}

/** A lost reply is not asked for again. */
const createDirectClient = (): DynamoDBClient =>
  new DynamoDBClient({ ...testAwsConfig(inject('dynamoDbEndpoint')), maxAttempts: 1 });

/** Answers whether nothing of it has to come again. */
const toWork =
  (worker: BatchHandler) =>
  async (entries: readonly OutboxEntry[]): Promise<boolean> => {
    const bodies = entries.map(({ outboxId, message }) => ({ ...message, outboxId }));
    return (await worker(toSqsEvent(bodies))).batchItemFailures.length === 0;
  };
