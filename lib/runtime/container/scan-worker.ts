// What the scans queue's function is made of.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { NoteDeps } from '../../app/door/note-refusals.ts';
import type { Clock } from '../../app/ports.ts';
import { createGuessStore } from '../../table/guess-store.ts';
import { createScanLogStore } from '../../table/scan-log-store.ts';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';

export function createScanWorkerContainer(
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): NoteDeps & { readonly clock: Clock } {
  const { TABLE_NAME: tableName } = readEnv(env, ['TABLE_NAME']);
  const access = { client: DynamoDBDocumentClient.from(bare), tableName };
  return {
    scanLog: createScanLogStore(access),
    guessStore: createGuessStore(access),
    clock: Date.now,
    logger: createLogger(),
  };
}
