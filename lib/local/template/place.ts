// The account and region that the templates are resolved for on one machine, and what its resources are called there.
// Names come from the template, so that a restart finds the same table, bucket and queues again.
import { createHash } from 'node:crypto';
import { assert } from '../../domain/assert.ts';
import type { Resource } from './assembly.ts';

export const REGION = 'eu-west-1';
/** The account number that fauxqs and DynamoDB Local put into their ARNs. */
export const ACCOUNT_ID = '000000000000';

export const arnOf = (service: string, rest: string): string =>
  `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${rest}`;

/** What is known of a resource only after it was made. */
export interface Made {
  readonly queueUrl: (queueName: string) => string;
  readonly streamArn: (tableName: string) => string;
  readonly apiEndpoint: string;
}

export const NAME_PROPERTY: Readonly<Record<string, string>> = {
  'AWS::DynamoDB::Table': 'TableName',
  'AWS::DynamoDB::GlobalTable': 'TableName',
  'AWS::S3::Bucket': 'BucketName',
  'AWS::SQS::Queue': 'QueueName',
  'AWS::Lambda::Function': 'FunctionName',
  'AWS::Events::Rule': 'Name',
};

/** A bucket's name has at most 63 characters, the narrowest limit of all these names. */
const NAME_CHARACTERS_MAX = 63;

/** The name that the template gives (already resolved), else one made from stack and logical id. */
export function nameOf(resource: Resource, given: unknown): string {
  if (typeof given === 'string') return given;
  const full = `${resource.stackName}-${resource.logicalId}`;
  const digest = createHash('sha256').update(full).digest('hex').slice(0, 8);
  const name =
    full.length <= NAME_CHARACTERS_MAX
      ? full
      : `${full.slice(0, NAME_CHARACTERS_MAX - 9)}-${digest}`;
  return resource.type === 'AWS::S3::Bucket' ? name.toLowerCase() : name;
}

/** `Ref` and the attributes of a resource; only those that a property read by the host can need. */
export function attributesOf(
  resource: Resource,
  name: string,
  made: Made,
): Record<string, () => string> {
  switch (resource.type) {
    case 'AWS::DynamoDB::Table':
    case 'AWS::DynamoDB::GlobalTable':
      return {
        Ref: () => name,
        Arn: () => arnOf('dynamodb', `table/${name}`),
        StreamArn: () => made.streamArn(name),
      };
    case 'AWS::S3::Bucket':
      return { Ref: () => name, Arn: () => `arn:aws:s3:::${name}` };
    case 'AWS::SQS::Queue':
      return {
        Ref: () => made.queueUrl(name),
        QueueUrl: () => made.queueUrl(name),
        QueueName: () => name,
        Arn: () => arnOf('sqs', name),
      };
    case 'AWS::Lambda::Function':
      return { Ref: () => name, Arn: () => arnOf('lambda', `function:${name}`) };
    case 'AWS::ApiGatewayV2::Api':
      return {
        Ref: () => resource.logicalId,
        ApiId: () => resource.logicalId,
        ApiEndpoint: () => made.apiEndpoint,
      };
    case 'AWS::Events::Rule':
      return { Ref: () => name, Arn: () => arnOf('events', `rule/${name}`) };
    default:
      return { Ref: () => resource.logicalId };
  }
}

/** The last part of an ARN or URL of a queue, and the name in the ARN of a function (aliases left out). */
export function nameInArn(arn: unknown): string {
  assert(typeof arn === 'string', 'an ARN is a string');
  const name = /:function:([^:/]+)/.exec(arn)?.[1] ?? /([^:/]+)$/.exec(arn)?.[1];
  assert(name !== undefined, `not an ARN: ${arn}`);
  return name;
}
