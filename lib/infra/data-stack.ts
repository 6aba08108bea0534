// What must never be lost: the table and the bucket. Three queues stand here too: the bucket's own notification needs that
// of imports, and API and workers share those of scans and notices.
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  HttpMethods,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { CfnOutput, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib/core';
import type { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import type { CfnBucket, IBucket } from 'aws-cdk-lib/aws-s3';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { INDEXES, KEY_ATTRIBUTES, TTL_ATTRIBUTE } from '../table/schema.ts';
import { createWorkQueue, type WorkQueue } from './constructs/work-queue.ts';
import type { Prefix } from './grants.ts';
import type { Stage } from './stages.ts';

/** Six times the import worker's five minutes. */
const IMPORTS_VISIBILITY_SECONDS = 30 * 60;
/** Six times the scan worker's half minute. */
const SCANS_VISIBILITY_SECONDS = 3 * 60;
/** A few notices after each other, each of which may read a sale from its marketplace. */
export const NOTICE_SECONDS_MAX = 60;
/** How long a table can be set back; also how long an erased contact may live on in a backup. */
const RECOVERY_DAYS = 35;
/** An upload is deleted at its import's end; this is for those that never come to one. */
const UPLOAD_DAYS = 2;
/** A report is made again on request. */
const REPORT_DAYS = 7;
const ACCESS_LOG_DAYS = 90;

export interface Data {
  readonly table: Table;
  readonly streamArn: string;
  readonly uploads: Bucket;
  readonly imports: WorkQueue;
  /** What the door refused: for log, counters and the guessing limiter. */
  readonly scans: WorkQueue;
  /** What marketplaces tell of sales. */
  readonly notices: WorkQueue;
}

export function createDataStack(scope: Construct, { stage }: { readonly stage: Stage }): Data {
  const stack = new Stack(scope, `swapgate-${stage.name}-data`, {
    description:
      'Swapgate: table, bucket of uploads and reports, queues of imports, scans and notices.',
    terminationProtection: stage.isProtected,
  });
  const table = createTable(stack, stage);
  const imports = createWorkQueue(stack, 'Imports', {
    visibilitySeconds: IMPORTS_VISIBILITY_SECONDS,
  });
  const scans = createWorkQueue(stack, 'Scans', { visibilitySeconds: SCANS_VISIBILITY_SECONDS });
  const notices = createWorkQueue(stack, 'Notices', { visibilitySeconds: 6 * NOTICE_SECONDS_MAX });
  const uploads = createUploads(stack, stage);
  notify(uploads, imports.queue);
  new CfnOutput(stack, 'TableName', { value: table.tableName });
  new CfnOutput(stack, 'UploadsBucket', { value: uploads.bucketName });
  new CfnOutput(stack, 'ImportsQueueUrl', { value: imports.queue.queueUrl });
  new CfnOutput(stack, 'ImportsDeadLettersUrl', { value: imports.deadLetters.queueUrl });
  new CfnOutput(stack, 'ScansQueueUrl', { value: scans.queue.queueUrl });
  new CfnOutput(stack, 'ScansDeadLettersUrl', { value: scans.deadLetters.queueUrl });
  new CfnOutput(stack, 'NoticesQueueUrl', { value: notices.queue.queueUrl });
  new CfnOutput(stack, 'NoticesDeadLettersUrl', { value: notices.deadLetters.queueUrl });
  const { attrStreamArn: streamArn } = table.node.defaultChild as CfnTable;
  return { table, streamArn, uploads, imports, scans, notices };
}

const toAttribute = (name: keyof typeof KEY_ATTRIBUTES) => ({
  name,
  type: KEY_ATTRIBUTES[name] === 'N' ? AttributeType.NUMBER : AttributeType.STRING,
});

const toRemovalPolicy = (stage: Stage): RemovalPolicy =>
  stage.isProtected ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY;

function createTable(scope: Construct, stage: Stage): Table {
  const table = new Table(scope, 'Table', {
    partitionKey: toAttribute('pk'),
    sortKey: toAttribute('sk'),
    billingMode: BillingMode.PAY_PER_REQUEST,
    encryption: TableEncryption.AWS_MANAGED,
    pointInTimeRecoverySpecification: {
      pointInTimeRecoveryEnabled: true,
      recoveryPeriodInDays: RECOVERY_DAYS,
    },
    stream: StreamViewType.NEW_AND_OLD_IMAGES,
    timeToLiveAttribute: TTL_ATTRIBUTE,
    deletionProtection: stage.isProtected,
    removalPolicy: toRemovalPolicy(stage),
  });
  for (const [indexName, index] of Object.entries(INDEXES)) {
    const isWider = index.include.length > 0;
    table.addGlobalSecondaryIndex({
      indexName,
      partitionKey: toAttribute(index.hash),
      ...(index.range === undefined ? {} : { sortKey: toAttribute(index.range) }),
      projectionType: isWider ? ProjectionType.INCLUDE : ProjectionType.KEYS_ONLY,
      ...(isWider ? { nonKeyAttributes: [...index.include] } : {}),
    });
  }
  return table;
}

const PRIVATE_BUCKET = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  encryption: BucketEncryption.S3_MANAGED,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
} as const;

function createUploads(scope: Construct, stage: Stage): Bucket {
  const accessLogs = new Bucket(scope, 'AccessLogs', {
    ...PRIVATE_BUCKET,
    removalPolicy: toRemovalPolicy(stage),
    lifecycleRules: [{ expiration: Duration.days(ACCESS_LOG_DAYS) }],
  });
  return new Bucket(scope, 'Uploads', {
    ...PRIVATE_BUCKET,
    removalPolicy: toRemovalPolicy(stage),
    // The package's own types differ under exactOptionalPropertyTypes.
    serverAccessLogsBucket: accessLogs as IBucket,
    // The form's own signature says who may upload what; the page that sends it may be any organizer's.
    cors: [{ allowedMethods: [HttpMethods.POST], allowedOrigins: ['*'], allowedHeaders: ['*'] }],
    lifecycleRules: [
      expireAfter('uploads/', UPLOAD_DAYS),
      expireAfter('reports/', REPORT_DAYS),
      { id: 'unfinished', abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
  });
}

const expireAfter = (prefix: Prefix, days: number) => ({
  id: prefix.slice(0, -1),
  prefix,
  expiration: Duration.days(days),
});

/** In the bucket's own properties, so that no custom resource with its wide permissions has to set it. */
function notify(bucket: Bucket, queue: Queue): void {
  const account = Stack.of(bucket).account;
  const { policyDependable } = queue.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('s3.amazonaws.com')],
      actions: ['sqs:SendMessage'],
      resources: [queue.queueArn],
      // Our own account instead of the bucket, which can't exist before it may send here.
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    }),
  );
  const prefix: Prefix = 'uploads/';
  const rules = [{ name: 'prefix', value: prefix }];
  const resource = bucket.node.defaultChild as CfnBucket;
  resource.notificationConfiguration = {
    queueConfigurations: [
      { event: 's3:ObjectCreated:*', queue: queue.queueArn, filter: { s3Key: { rules } } },
    ],
  };
  if (policyDependable !== undefined) bucket.node.addDependency(policyDependable);
}
