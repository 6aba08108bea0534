// Starts the engines that tests run on, once for the whole run: DynamoDB Local, and fauxqs for S3 and SQS.
import { startFauxqs } from 'fauxqs';
import type { TestProject } from 'vitest/node';
import { startDynamoDb } from './engines.ts';

declare module 'vitest' {
  interface ProvidedContext {
    dynamoDbEndpoint: string;
    fauxqsEndpoint: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const [dynamoDb, fauxqs] = await Promise.all([
    startDynamoDb('tests'),
    startFauxqs({ port: 0, logger: false }),
  ]);
  project.provide('dynamoDbEndpoint', dynamoDb.endpoint);
  project.provide('fauxqsEndpoint', `http://127.0.0.1:${fauxqs.port}`);
  return async () => {
    await Promise.all([fauxqs.stop(), dynamoDb.stop()]);
  };
}
