// A lifetime that a test ends itself, and the clients of engines that run in it.
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished } from 'vitest';
import { type ObjectEvent, startS3AndSqs } from '../../lib/local/engines/fauxqs.ts';
import { createLifetime, type Lifetime } from '../../lib/local/lifetime.ts';
import { testAwsConfig } from '../support/aws.ts';

export function aLifetime(): Lifetime {
  const lifetime = createLifetime(() => undefined);
  onTestFinished(() => lifetime.end(0));
  return lifetime;
}

export interface TestFauxqs {
  readonly endpoint: string;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
}

export async function aFauxqs(
  lifetime: Lifetime,
  {
    directory,
    onObject = () => undefined,
  }: { directory?: string; onObject?: (event: ObjectEvent) => void } = {},
): Promise<TestFauxqs> {
  const endpoint = await startS3AndSqs({ lifetime, directory, onObject });
  return {
    endpoint,
    s3: new S3Client({ ...testAwsConfig(endpoint), forcePathStyle: true }),
    sqs: new SQSClient(testAwsConfig(endpoint)),
  };
}
