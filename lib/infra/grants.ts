// Permissions as they stand in the stacks: literal actions on literal ARNs.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stack, Validations } from 'aws-cdk-lib/core';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { Conditions, Role } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { INDEXES, type IndexName } from '../table/schema.ts';

/** What the stores of a family that also writes need: single calls, and the parts of a transaction. */
export const ITEM_ACTIONS = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:DeleteItem',
  'dynamodb:ConditionCheckItem',
] as const;

export const ALL_INDEXES = Object.keys(INDEXES) as readonly IndexName[];

export type Prefix = 'uploads/' | 'reports/';

export function allowOnTable(
  role: Role,
  table: Table,
  ...actions: readonly `dynamodb:${string}`[]
): void {
  role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [table.tableArn] }));
}

export function allowQueryOnIndexes(role: Role, table: Table, indexes: readonly IndexName[]): void {
  const resources = indexes.map((index) => `${table.tableArn}/index/${index}`);
  role.addToPolicy(new PolicyStatement({ actions: ['dynamodb:Query'], resources }));
}

interface PartitionGrant {
  readonly actions: readonly `dynamodb:${string}`[];
  /** Pattern of the partition keys, with `*` for what varies. */
  readonly partitions: string;
}

/** Fences a function into partitions; `Null` refuses a call that names none, which ForAllValues would let pass. */
export function allowOnPartitions(role: Role, table: Table, grant: PartitionGrant): void {
  const conditions: Conditions = {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': [grant.partitions] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
  const { actions } = grant;
  role.addToPolicy(
    new PolicyStatement({ actions: [...actions], resources: [table.tableArn], conditions }),
  );
}

interface ObjectGrant {
  readonly actions: readonly `s3:${string}`[];
  readonly prefix: Prefix;
}

export function allowOnObjects(role: Role, bucket: Bucket, grant: ObjectGrant): void {
  const bucketArn = Stack.of(bucket).exportValue(bucket.bucketArn);
  const resources = [`${bucketArn}/${grant.prefix}*`];
  role.addToPolicy(new PolicyStatement({ actions: [...grant.actions], resources }));
  const exported: { readonly 'Fn::ImportValue': string } = Stack.of(role).resolve(bucketArn);
  Validations.of(role).acknowledge({
    id: `AwsSolutions-IAM5[Resource::${exported['Fn::ImportValue']}/${grant.prefix}*]`,
    reason: `Objects under ${grant.prefix} get their names at run time: the prefix is the fence.`,
  });
}

/**
 * Without it S3 answers 403 instead of 404 for an object that is not there, and an upload that was cleared away looks
 * like a missing permission. It can't be fenced by a prefix: a GET or HEAD has none to compare.
 */
export function allowToMissObjects(role: Role, bucket: Bucket): void {
  role.addToPolicy(
    new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }),
  );
}

export function allowSend(role: Role, queue: Queue): void {
  const actions = ['sqs:SendMessage'];
  role.addToPolicy(new PolicyStatement({ actions, resources: [queue.queueArn] }));
}
