// What every family with a document client gives to the pipeline.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createAccess } from '../../app/authenticate.ts';
import { createRateLimiter } from '../../app/rate-limiter.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import { createIdempotencyStore } from '../../table/idempotency-store.ts';
import { createKeyReader } from '../../table/key-reader.ts';
import type { TableAccess } from '../../table/table-access.ts';
import { createLogger } from '../logger.ts';

export const createPipelineDeps = (client: DynamoDBClient, access: TableAccess): PipelineDeps => ({
  access: createAccess(createKeyReader({ client, tableName: access.tableName })),
  limiter: createRateLimiter(),
  clock: Date.now,
  logger: createLogger(),
  idempotency: createIdempotencyStore(access),
});
