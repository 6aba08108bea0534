import { describe, expect, it } from 'vitest';
import { present } from '../../lib/domain/assert.ts';
import { resourcesOf, toStackTemplate } from '../../lib/local/template/assembly.ts';
import type { Made } from '../../lib/local/template/place.ts';
import { createResolver } from '../../lib/local/template/resolve.ts';
import { readSystem } from '../../lib/local/template/system.ts';
import { readBucket } from '../../lib/local/data/make-buckets.ts';
import { readQueue } from '../../lib/local/data/make-queues.ts';
import { readTable } from '../../lib/local/data/make-table.ts';
import { FIXTURE } from './fixture.ts';

const MADE: Made = {
  queueUrl: (queueName) => `http://127.0.0.1:9/000000000000/${queueName}`,
  streamArn: (tableName) => `arn:aws:dynamodb:ddblocal:000000000000:table/${tableName}/stream/2026`,
  apiEndpoint: 'http://127.0.0.1:3000',
};
const resolver = createResolver(FIXTURE, MADE);
const find = (type: string) => resourcesOf(FIXTURE, type);

const resolveOne = (value: unknown) => {
  const stack = toStackTemplate('one', {
    Resources: {
      Queue: { Type: 'AWS::SQS::Queue' },
      Thing: { Type: 'AWS::Test::Thing', Properties: { value } },
    },
  });
  const [thing] = resourcesOf([stack], 'AWS::Test::Thing');
  return createResolver([stack], MADE).property(present(thing, 'a thing'), 'value');
};

describe('resolve', () => {
  it.each([
    ['a plain value', 5, 5],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-west-1'],
    [
      'Fn::Sub with attributes, pseudo parameters and literals',
      { 'Fn::Sub': '${Queue.QueueName}-${AWS::AccountId}-${!x}' },
      'one-Queue-000000000000-${x}',
    ],
    [
      'Fn::Sub with variables',
      { 'Fn::Sub': ['${a}-${Queue.QueueName}', { a: { Ref: 'AWS::Partition' } }] },
      'aws-one-Queue',
    ],
    [
      'Fn::GetAtt as a text',
      { 'Fn::GetAtt': 'Queue.Arn' },
      'arn:aws:sqs:eu-west-1:000000000000:one-Queue',
    ],
    ['Fn::Select of Fn::Split', { 'Fn::Select': [1, { 'Fn::Split': [':', 'a:b:c'] }] }, 'b'],
    ['AWS::NoValue in an object', { a: { Ref: 'AWS::NoValue' }, b: 1 }, { b: 1 }],
  ])('understands %s', (_name, value, expected) => {
    expect(resolveOne(value)).toEqual(expected);
  });

  it.each([
    ['an unknown function', { 'Fn::If': ['x', 1, 2] }, /Fn::If is not understood/],
    ['an unknown attribute', { 'Fn::GetAtt': ['Queue', 'Colour'] }, /no attribute Colour/],
    ['an unknown resource', { Ref: 'Nothing' }, /no resource Nothing/],
    ['an export that no stack has', { 'Fn::ImportValue': 'nothing' }, /no stack exports nothing/],
  ])('refuses %s instead of guessing', (_name, value, message) => {
    expect(() => resolveOne(value)).toThrow(message);
  });
});

describe('the data of a template', () => {
  it('has the table with its keys, projection, stream and expiry', () => {
    expect(readTable(present(find('AWS::DynamoDB::Table')[0], 'a table'), resolver)).toEqual({
      tableName: 'test-data-Table',
      ttlAttribute: 'ttl',
      input: {
        TableName: 'test-data-Table',
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'g1', AttributeType: 'S' },
        ],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        GlobalSecondaryIndexes: [
          {
            IndexName: 'byId',
            KeySchema: [{ AttributeName: 'g1', KeyType: 'HASH' }],
            Projection: { ProjectionType: 'INCLUDE', NonKeyAttributes: ['name'] },
          },
        ],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
      },
    });
  });

  it('has the queues with their redrive and visibility', () => {
    const redrive = {
      deadLetterTargetArn: 'arn:aws:sqs:eu-west-1:000000000000:test-data-Dead',
      maxReceiveCount: 2,
    };
    expect(find('AWS::SQS::Queue').map((queue) => readQueue(queue, resolver))).toEqual([
      { queueName: 'test-data-Dead', attributes: { MessageRetentionPeriod: '1209600' } },
      {
        queueName: 'test-data-Queue',
        attributes: { VisibilityTimeout: '1', RedrivePolicy: JSON.stringify(redrive) },
      },
    ]);
  });

  it('has the bucket with what it notifies', () => {
    expect(readBucket(present(find('AWS::S3::Bucket')[0], 'a bucket'), resolver)).toEqual({
      bucket: 'test-data-uploads',
      notifications: [
        {
          bucket: 'test-data-uploads',
          event: 's3:ObjectCreated:*',
          queueName: 'test-data-Queue',
          prefix: 'uploads/',
          suffix: '',
        },
      ],
    });
  });
});

describe('the system of a template', () => {
  const system = readSystem(FIXTURE, resolver);

  it('has the functions with an entry, and their environment over stacks', () => {
    expect(system.functions).toEqual([
      {
        functionName: 'test-app-Public',
        entry: 'functions/http/public.ts',
        timeoutMs: 10_000,
        memoryMb: 256,
        environment: { TABLE_NAME: 'test-data-Table' },
      },
      {
        functionName: 'test-app-Worker',
        entry: 'functions/workers/work.ts',
        timeoutMs: 10_000,
        memoryMb: 256,
        environment: {
          TABLE_NAME: 'test-data-Table',
          IMPORTS_QUEUE_URL: 'http://127.0.0.1:9/000000000000/test-data-Queue',
        },
      },
    ]);
  });

  it('leads the routes to their functions', () => {
    expect(system.routes).toEqual([
      { routeKey: 'GET /v1/health', functionName: 'test-app-Public' },
      { routeKey: '$default', functionName: 'test-app-Public' },
    ]);
  });

  it('maps the queue, the stream and the clock', () => {
    expect(system.queueSources).toEqual([
      {
        queueName: 'test-data-Queue',
        functionName: 'test-app-Worker',
        batchSize: 1,
        concurrency: 2,
        reportsItemFailures: true,
      },
    ]);
    expect(system.streamSources).toEqual([
      {
        streamArn: MADE.streamArn('test-data-Table'),
        functionName: 'test-app-Worker',
        batchSize: 5,
        startingPosition: 'TRIM_HORIZON',
        patterns: ['{"eventName":["INSERT"]}'],
        reportsItemFailures: false,
        bisects: true,
        hasWindow: false,
        retriesMax: 3,
        onFailureQueue: 'test-data-Queue',
      },
    ]);
    expect(system.schedules).toEqual([
      { ruleName: 'test-app-Minute', everyMs: 60_000, functionName: 'test-app-Worker' },
    ]);
  });

  it('refuses a schedule that it would not keep', () => {
    const stack = toStackTemplate('one', {
      Resources: {
        Rule: {
          Type: 'AWS::Events::Rule',
          Properties: { ScheduleExpression: 'cron(0 12 * * ? *)' },
        },
      },
    });
    expect(() => readSystem([stack], createResolver([stack], MADE))).toThrow(
      /cron\(0 12 \* \* \? \*\)/,
    );
  });
});
