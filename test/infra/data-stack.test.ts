import { describe, expect, it } from 'vitest';
import { INDEXES, KEY_ATTRIBUTES, TTL_ATTRIBUTE } from '../../lib/table/schema.ts';
import { findOne, findResources, synthesize, toName } from './synthesized.ts';

const stacks = synthesize();
const table = findOne(stacks, 'AWS::DynamoDB::Table');
const buckets = findResources(stacks, 'AWS::S3::Bucket');
const uploads = buckets.find(({ logicalId }) => logicalId.startsWith('Uploads'));

describe('the table', () => {
  it('has the keys and indexes of the schema', () => {
    const { Properties } = table;
    expect(Properties.KeySchema).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
    const types = Properties.AttributeDefinitions.map(
      (each: { AttributeName: string; AttributeType: string }) => [
        each.AttributeName,
        each.AttributeType,
      ],
    );
    expect(Object.fromEntries(types)).toEqual(KEY_ATTRIBUTES);
    for (const [name, index] of Object.entries(INDEXES)) {
      const keys = [index.hash, ...(index.range === undefined ? [] : [index.range])];
      const found = Properties.GlobalSecondaryIndexes.find(
        (each: { IndexName: string }) => each.IndexName === name,
      );
      expect(found.KeySchema.map((key: { AttributeName: string }) => key.AttributeName)).toEqual(
        keys,
      );
      expect(found.Projection.NonKeyAttributes ?? []).toEqual(index.include);
    }
    expect(Properties.GlobalSecondaryIndexes).toHaveLength(Object.keys(INDEXES).length);
  });

  it('is on demand, encrypted, recoverable for 35 days, and tells its changes', () => {
    expect(table.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: {
        PointInTimeRecoveryEnabled: true,
        RecoveryPeriodInDays: 35,
      },
      TimeToLiveSpecification: { AttributeName: TTL_ATTRIBUTE, Enabled: true },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });

  it('cannot be deleted by mistake, except on a stage for development', () => {
    expect(table.Properties.DeletionProtectionEnabled).toBe(true);
    expect(table.DeletionPolicy).toBe('Retain');
    expect(table.stack.isProtected).toBe(true);
    const inDevelopment = findOne(synthesize('dev'), 'AWS::DynamoDB::Table');
    expect(inDevelopment.DeletionPolicy).toBe('Delete');
    expect(inDevelopment.stack.isProtected).toBe(false);
  });
});

describe('buckets', () => {
  it.each(buckets.map((bucket) => [bucket.logicalId, bucket] as const))(
    '%s is private, encrypted, without ACLs, and stays',
    (_, bucket) => {
      expect(bucket.Properties.PublicAccessBlockConfiguration).toEqual({
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      });
      expect(bucket.Properties).toMatchObject({
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [
            { ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } },
          ],
        },
        OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      });
      expect(bucket.DeletionPolicy).toBe('Retain');
    },
  );

  it.each(buckets.map((bucket) => [bucket.logicalId, bucket] as const))(
    '%s refuses what does not come over TLS',
    (_, bucket) => {
      const policy = findResources(stacks, 'AWS::S3::BucketPolicy').find(
        ({ Properties }) => Properties.Bucket.Ref === bucket.logicalId,
      );
      expect(policy?.Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: 's3:*',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    },
  );

  it('takes presigned forms from any page, and nothing else', () => {
    expect(uploads?.Properties.CorsConfiguration.CorsRules).toEqual([
      { AllowedMethods: ['POST'], AllowedOrigins: ['*'], AllowedHeaders: ['*'] },
    ]);
  });

  it('forgets uploads, reports and unfinished uploads', () => {
    expect(uploads?.Properties.LifecycleConfiguration.Rules).toEqual([
      { Id: 'uploads', Prefix: 'uploads/', ExpirationInDays: 2, Status: 'Enabled' },
      { Id: 'reports', Prefix: 'reports/', ExpirationInDays: 7, Status: 'Enabled' },
      {
        Id: 'unfinished',
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
        Status: 'Enabled',
      },
    ]);
  });

  it('tells the imports queue of each upload, once the queue lets it', () => {
    const [notification, ...others] =
      uploads?.Properties.NotificationConfiguration.QueueConfigurations ?? [];
    expect(others).toEqual([]);
    expect(notification.Event).toBe('s3:ObjectCreated:*');
    expect(notification.Filter.S3Key.Rules).toEqual([{ Name: 'prefix', Value: 'uploads/' }]);
    expect(toName(stacks, notification.Queue)).toBe('ImportsQueue.Arn');
    expect(uploads?.DependsOn).toEqual([expect.stringMatching(/^ImportsQueuePolicy/u)]);
  });
});

describe('the templates', () => {
  it('need no custom resource', () => {
    const types = stacks.flatMap(({ Resources }) =>
      Object.values(Resources).map(({ Type }) => Type),
    );
    expect(types.filter((type) => !type.startsWith('AWS::'))).toEqual([]);
    expect(types).not.toContain('AWS::CloudFormation::CustomResource');
  });
});
