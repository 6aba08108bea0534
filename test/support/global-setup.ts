// Starts the engines that tests run on, once for the whole run: DynamoDB Local, fauxqs for S3 and SQS, and a local SES
// whose inbox holds the mails of all tests.
import { startFauxqs } from 'fauxqs';
import type { TestProject } from 'vitest/node';
import { createLifetime } from '../../lib/local/lifetime.ts';
import { startSes } from '../../lib/local/engines/ses.ts';
import { startDynamoDb } from './engines.ts';

declare module 'vitest' {
  interface ProvidedContext {
    dynamoDbEndpoint: string;
    fauxqsEndpoint: string;
    sesEndpoint: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const { isCampaign = false } = project.config.provide;
  const lifetime = createLifetime(() => undefined);
  const [dynamoDb, fauxqs, ses] = await Promise.all([
    startDynamoDb(isCampaign ? 'campaigns' : 'tests'),
    startFauxqs({ port: 0, logger: false }),
    startSes(lifetime),
  ]);
  project.provide('dynamoDbEndpoint', dynamoDb.endpoint);
  project.provide('fauxqsEndpoint', `http://127.0.0.1:${fauxqs.port}`);
  project.provide('sesEndpoint', ses);
  return async () => {
    await Promise.all([fauxqs.stop(), dynamoDb.stop(), lifetime.end(0)]);
  };
}
