// What the door's function is made of. The client is made at start, so that the first scan finds it ready.
import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { createDoorHash } from '../../adapters/door-hash.ts';
import { createScanQueue } from '../../adapters/scan-queue.ts';
import { createAccess } from '../../app/authenticate.ts';
import { createGuessGuard } from '../../app/door/guess-guard.ts';
import { createRateLimiter } from '../../app/rate-limiter.ts';
import type { AnnulDeps } from '../../app/annul-scan.ts';
import { cacheDoorSettings, type ValidateScanDeps } from '../../app/validate-scan.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import { createDoorSettingsReader } from '../../table/door-settings-reader.ts';
import { createKeyReader } from '../../table/key-reader.ts';
import { createScanStore } from '../../table/scan-store.ts';
import { readEnv } from '../env.ts';
import { createLogger } from '../logger.ts';

/** A person stands at the gate: a call that hangs is given up and sent again, which is harmless. */
const CONNECT_MS_MAX = 1_000;
const CALL_MS_MAX = 2_000;

/**
 * What the SDK does for every call although nobody listens: it makes up what it would log, and tells AWS in two headers
 * which SDK, system and Node are used.
 */
const NEEDLESS = ['loggerMiddleware', 'getUserAgentMiddleware'];

/**
 * A client that does as little as it can: its middleware is put together once for each kind of command.
 * @internal Exported for the benchmark.
 */
export function createDoorClient(config: DynamoDBClientConfig = {}): DynamoDBClient {
  const client = new DynamoDBClient({
    ...config,
    sha256: createDoorHash(),
    cacheMiddleware: true,
    requestHandler: {
      connectionTimeout: CONNECT_MS_MAX,
      requestTimeout: CALL_MS_MAX,
      // Without this the SDK only warns about a call that takes too long.
      throwOnRequestTimeout: true,
    },
  });
  for (const name of NEEDLESS) client.middlewareStack.remove(name);
  return client;
}

export type ScansDeps = PipelineDeps & ValidateScanDeps & AnnulDeps;

export function createScansContainer(
  env: NodeJS.ProcessEnv,
  client = createDoorClient(),
): ScansDeps {
  const { TABLE_NAME: tableName, SCANS_QUEUE_URL: queueUrl } = readEnv(env, [
    'TABLE_NAME',
    'SCANS_QUEUE_URL',
  ]);
  const access = { client, tableName };
  const logger = createLogger();
  const sendScans = createScanQueue(client, queueUrl);
  return {
    access: createAccess(createKeyReader(access)),
    limiter: createRateLimiter(),
    clock: Date.now,
    logger,
    scans: createScanStore(access),
    findDoorSettings: cacheDoorSettings(createDoorSettingsReader(access)),
    guesses: createGuessGuard(),
    tellRefusal: async (message) =>
      sendScans([message]).catch((error: unknown) =>
        logger.error('refusal not told', { code: 'refusal_not_told', error }),
      ),
  };
}
