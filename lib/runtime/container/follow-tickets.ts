// What follows the tickets by the table's stream.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { toNewId } from '../../app/ids.ts';
import { createAttendanceStore } from '../../table/attendance-store.ts';
import { createAdmissionTeller } from '../../table/link-store.ts';
import { createClashStore } from '../../table/clash-store.ts';
import { createListingTeller } from '../../table/listing-teller.ts';
import { createPackFeed } from '../../table/pack-feed.ts';
import { createPassStore } from '../../table/pass-store.ts';
import { createScanLogStore } from '../../table/scan-log-store.ts';
import { fromStreamRecord } from '../../table/ticket-stream.ts';
import type { FollowWorkerDeps } from '../../workers/follow-tickets.ts';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';

export function createFollowerContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): FollowWorkerDeps {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  return {
    fromStreamRecord,
    scanLog: createScanLogStore(access),
    attendance: createAttendanceStore(access),
    packFeed: createPackFeed(access),
    admissions: createAdmissionTeller(access, (nowMs) => toNewId('outbox', nowMs)),
    listings: createListingTeller(access),
    passes: createPassStore(access),
    clashes: createClashStore(access),
    clock: Date.now,
    logger: createLogger(),
  };
}
