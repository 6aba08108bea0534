// Starts the engines side by side, except those that the user runs elsewhere.
import { join } from 'node:path';
import type { Lifetime } from '../lifetime.ts';
import { startDynamoDb } from './dynamo-db.ts';
import { type ObjectEvent, startS3AndSqs } from './fauxqs.ts';
import { startSes } from './ses.ts';

export interface Engines {
  readonly dynamoDb: string;
  readonly s3: string;
  readonly sqs: string;
  readonly ses: string;
  /** False for an S3 that runs elsewhere: nobody tells us of its uploads. */
  readonly tellsOfObjects: boolean;
}

export interface EnginesOptions {
  readonly lifetime: Lifetime;
  readonly directory: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  readonly onObject: (event: ObjectEvent) => void;
}

export async function startEngines(options: EnginesOptions): Promise<Engines> {
  const { lifetime, directory, environment, onObject } = options;
  const at = (part: string): string | undefined =>
    directory === undefined ? undefined : join(directory, part);
  const given = (name: string): string | undefined =>
    environment[name]?.replace(/\/+$/, '') || undefined;
  const s3 = given('S3_ENDPOINT');
  const sqs = given('SQS_ENDPOINT');
  const needsFauxqs = s3 === undefined || sqs === undefined;
  const [dynamoDb, fauxqs, ses] = await Promise.all([
    given('DYNAMODB_ENDPOINT') ?? startDynamoDb(lifetime, at('dynamodb')),
    needsFauxqs ? startS3AndSqs({ lifetime, directory: at('fauxqs'), onObject }) : '',
    given('SES_ENDPOINT') ?? startSes(lifetime),
  ]);
  return { dynamoDb, s3: s3 ?? fauxqs, sqs: sqs ?? fauxqs, ses, tellsOfObjects: s3 === undefined };
}

/** Points every AWS SDK client of this process at the engines, by the SDK's own variables. */
export function toEngineEnvironment(
  engines: Engines,
  environment: NodeJS.ProcessEnv,
  region: string,
): NodeJS.ProcessEnv {
  const isElsewhere = ['DYNAMODB', 'S3', 'SQS', 'SES'].some(
    (name) => environment[`${name}_ENDPOINT`],
  );
  // Engines of our own take any key; the user's real ones have no business there.
  const own = { AWS_ACCESS_KEY_ID: 'local', AWS_SECRET_ACCESS_KEY: 'local' };
  const isUsersKey = isElsewhere && environment['AWS_ACCESS_KEY_ID'] !== undefined;
  return {
    ...(isUsersKey ? {} : { ...own, AWS_SESSION_TOKEN: undefined, AWS_PROFILE: undefined }),
    AWS_REGION: region,
    AWS_ENDPOINT_URL_DYNAMODB: engines.dynamoDb,
    AWS_ENDPOINT_URL_S3: engines.s3,
    AWS_ENDPOINT_URL_SQS: engines.sqs,
    AWS_ENDPOINT_URL_SES: engines.ses,
    S3_PATH_STYLE: 'true',
  };
}
