import { App, Stack } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { createSwapgateApp } from '../../lib/infra/app.ts';
import { inlineCode } from '../../lib/infra/code.ts';
import { createQueueWorker } from '../../lib/infra/constructs/queue-worker.ts';
import { createWorkQueue } from '../../lib/infra/constructs/work-queue.ts';
import { toStage } from '../../lib/infra/stages.ts';
import { createOutdir, findResources, type Resource, synthesize, toName } from './synthesized.ts';

const stacks = synthesize();
const queues = findResources(stacks, 'AWS::SQS::Queue');
const mappings = findResources(stacks, 'AWS::Lambda::EventSourceMapping');
const toMapping = (source: string) =>
  mappings.find(({ Properties }) => toName(stacks, Properties.EventSourceArn) === source);

describe('queues', () => {
  it.each(queues.map((queue) => [queue.logicalId, queue] as const))(
    '%s is encrypted and refuses what does not come over TLS',
    (_, queue) => {
      expect(queue.Properties.SqsManagedSseEnabled).toBe(true);
      const policy = findResources(stacks, 'AWS::SQS::QueuePolicy').find(
        ({ Properties, stack }) =>
          stack === queue.stack && Properties.Queues[0].Ref === queue.logicalId,
      );
      expect(policy?.Properties.PolicyDocument.Statement).toContainEqual(
        expect.objectContaining({
          Effect: 'Deny',
          Action: 'sqs:*',
          Principal: { AWS: '*' },
          Condition: { Bool: { 'aws:SecureTransport': 'false' } },
        }),
      );
    },
  );

  it('has dead letters for imports after five attempts, which wait longer than the work did', () => {
    const imports = queues.find(({ logicalId }) => logicalId.startsWith('ImportsQueue'));
    const { RedrivePolicy, MessageRetentionPeriod } = imports?.Properties ?? {};
    expect(RedrivePolicy.maxReceiveCount).toBe(5);
    expect(toName(stacks, RedrivePolicy.deadLetterTargetArn)).toBe('ImportsDeadLetters.Arn');
    const deadLetters = queues.filter(({ Properties }) => Properties.RedrivePolicy === undefined);
    expect(deadLetters).toHaveLength(13);
    for (const { Properties } of deadLetters) {
      expect(Properties.MessageRetentionPeriod).toBeGreaterThan(MessageRetentionPeriod);
    }
  });
});

describe('the import worker', () => {
  const worker = findResources(stacks, 'AWS::Lambda::Function').find(
    ({ Metadata }) => Metadata?.['swapgate:entry'] === 'functions/workers/imports.ts',
  );

  it('takes one message at a time, tells which failed, and is few', () => {
    expect(toMapping('ImportsQueue.Arn')?.Properties).toMatchObject({
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  it('keeps a message hidden for six times as long as it may work', () => {
    const imports = queues.find(({ logicalId }) => logicalId.startsWith('ImportsQueue'));
    expect(worker?.Properties.Timeout).toBe(300);
    expect(imports?.Properties.VisibilityTimeout).toBe(1800);
  });

  it('may go on through its own queue', () => {
    expect(worker?.Properties.RecursiveLoop).toBe('Allow');
  });
});

describe('mail', () => {
  it.each(['EmailQueue', 'MessagesQueue'])('leaves %s by few senders, and in batches', (queue) => {
    expect(toMapping(`${queue}.Arn`)?.Properties).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    });
  });
});

describe('links in mails', () => {
  const toPublicUrls = (publicUrl: string) =>
    createSwapgateApp({ bundle: false, outdir: createOutdir(), publicUrl })
      .synth()
      .stacks.flatMap(({ template }) =>
        Object.values<Resource>(template.Resources).flatMap(
          ({ Properties }) => Properties?.Environment?.Variables?.PUBLIC_URL ?? [],
        ),
      );
  it('begin with the domain that is named', () => {
    expect(toPublicUrls('https://tickets.example')).toEqual(['https://tickets.example']);
  });

  it.each(['tickets.example', 'https://tickets.example/', 'https://tickets.example/api'])(
    'never with %s, which would lead nowhere',
    (publicUrl) => expect(() => toPublicUrls(publicUrl)).toThrow('publicUrl must be like'),
  );
});

describe('a queue worker', () => {
  it('is not made for a queue that would show a message again while it is worked off', () => {
    const stack = new Stack(new App(), 'stack');
    const work = createWorkQueue(stack, 'Work', { visibilitySeconds: 59 });
    const worker = {
      stage: toStage('prod'),
      code: inlineCode,
      entry: 'functions/workers/any.ts',
      description: 'Any.',
      impact: 'None.',
      memoryMb: 512,
      environment: {},
      work,
      batchSize: 1,
      concurrencyMax: 2,
    } as const;
    expect(() => createQueueWorker(stack, 'late', { ...worker, timeoutSeconds: 10 })).toThrow(
      'Messages of late would become visible while they are worked off.',
    );
    expect(createQueueWorker(stack, 'good', { ...worker, timeoutSeconds: 9 }).work).toBe(work);
  });
});

describe('what follows the tickets', () => {
  const { Properties } =
    mappings.find(({ Properties: each }) =>
      toName(stacks, each.FunctionName).startsWith('followtickets'),
    ) ?? {};

  it('is called for whatever happens to a ticket, one call at a time for each shard', () => {
    expect(Properties).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 100,
      MaximumBatchingWindowInSeconds: 5,
      ParallelizationFactor: 1,
    });
    const isTicket = { kind: { S: ['ticket'] } };
    expect(
      Properties.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) =>
        JSON.parse(Pattern),
      ),
    ).toEqual([
      { dynamodb: { NewImage: isTicket } },
      { eventName: ['REMOVE'], dynamodb: { OldImage: isTicket } },
    ]);
  });

  it('has a window, so that its events name their shard, and gives nothing up before the stream does', () => {
    expect(Properties.TumblingWindowInSeconds).toBe(900);
    expect(Properties).not.toHaveProperty('MaximumRetryAttempts');
    expect(Properties).not.toHaveProperty('BisectBatchOnFunctionError');
    expect(Properties.MaximumRecordAgeInSeconds).toBe(23 * 3_600);
  });
});

describe('the scan worker', () => {
  it('takes ten messages at a time and tells which failed', () => {
    expect(toMapping('ScansQueue.Arn')?.Properties).toMatchObject({
      BatchSize: 10,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
  });
});

describe('the dispatcher', () => {
  it('is called for new outbox items only, and puts aside what fails for good', () => {
    const { Properties } = toMapping('Table.StreamArn') ?? {};
    expect(Properties).toMatchObject({
      StartingPosition: 'TRIM_HORIZON',
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRetryAttempts: 10,
      MaximumRecordAgeInSeconds: 60 * 60,
    });
    expect(toName(stacks, Properties.DestinationConfig.OnFailure.Destination)).toBe(
      'dispatchdeadletters.Arn',
    );
    expect(
      Properties.FilterCriteria.Filters.map(({ Pattern }: { Pattern: string }) =>
        JSON.parse(Pattern),
      ),
    ).toEqual([{ eventName: ['INSERT'], dynamodb: { NewImage: { kind: { S: ['outbox'] } } } }]);
  });
});

describe('the sweep', () => {
  it('is called every minute, and what can not be delivered is kept', () => {
    const [rule] = findResources(stacks, 'AWS::Events::Rule').filter(
      (each) => each.Properties.ScheduleExpression !== undefined,
    );
    const { Properties } = rule ?? {};
    expect(Properties).toMatchObject({ ScheduleExpression: 'rate(1 minute)', State: 'ENABLED' });
    const [target, ...others] = Properties.Targets;
    expect(others).toEqual([]);
    expect(toName(stacks, target.Arn)).toBe('sweepFunction.Arn');
    expect(toName(stacks, target.DeadLetterConfig.Arn)).toBe('sweepdeadletters.Arn');
  });
});
