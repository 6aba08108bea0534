// What the function around the door is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createScanQueue } from '../../adapters/scan-queue.ts';
import type { AttendanceStore, ScanLogStore } from '../../app/door/attendance-ports.ts';
import { createGuessGuard } from '../../app/door/guess-guard.ts';
import { createPackKeysFinder, type PackDeps } from '../../app/door/read-scan-pack.ts';
import type { SyncDeps } from '../../app/door/sync-scans.ts';
import type { EventStore } from '../../app/event-ports.ts';
import { cacheDoorSettings } from '../../app/validate-scan.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import { createAttendanceStore } from '../../table/attendance-store.ts';
import { createClashStore } from '../../table/clash-store.ts';
import { createContactStore } from '../../table/contact-store.ts';
import { createDoorSettingsReader } from '../../table/door-settings-reader.ts';
import { createEventStore } from '../../table/event-store.ts';
import { createOfflineScanStore } from '../../table/offline-scan-store.ts';
import { createPackReader } from '../../table/pack-reader.ts';
import { createScanLogStore } from '../../table/scan-log-store.ts';
import { readEnv } from '../env.ts';
import { createPipelineDeps } from './pipeline-deps.ts';

export interface DoorDeps extends PipelineDeps, SyncDeps, PackDeps {
  readonly events: EventStore;
  readonly attendance: AttendanceStore;
  readonly scanLog: ScanLogStore;
}

export function createDoorContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): DoorDeps {
  const { TABLE_NAME: tableName, SCANS_QUEUE_URL: queueUrl } = readEnv(env, [
    'TABLE_NAME',
    'SCANS_QUEUE_URL',
  ]);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  return {
    ...createPipelineDeps(bare, access),
    events: createEventStore(access),
    offlineScans: createOfflineScanStore(access),
    clashes: createClashStore(access),
    attendance: createAttendanceStore(access),
    scanLog: createScanLogStore(access),
    pack: createPackReader(access),
    findKeys: createPackKeysFinder(),
    loadSecret: createContactStore(access).loadSecret,
    findDoorSettings: cacheDoorSettings(createDoorSettingsReader({ client: bare, tableName })),
    guesses: createGuessGuard(),
    sendScans: createScanQueue(bare, queueUrl),
  };
}
