import { describe, expect, it } from 'vitest';
import { createSwapgateApp } from '../../lib/infra/app.ts';
import { createOutdir, findResources, synthesize, toName } from './synthesized.ts';

const stacks = synthesize();
const alarms = findResources(stacks, 'AWS::CloudWatch::Alarm');

/** What is watched: the metric, and of what. */
const watched = alarms.map(({ Properties }) => {
  const stats = Properties.Metrics?.find((each: { MetricStat?: unknown }) => each.MetricStat);
  const metric = stats?.MetricStat.Metric ?? Properties;
  const dimensions = (metric.Dimensions ?? [])
    .filter(({ Name }: { Name: string }) => Name !== 'Operation')
    .map(({ Value }: { Value: unknown }) => toName(stacks, Value));
  return [metric.MetricName, ...dimensions].join(' of ');
});

describe('alarms', () => {
  it.each(alarms.map((alarm) => [alarm.logicalId, alarm] as const))(
    '%s says in a sentence what people notice',
    (_, { Properties }) => {
      expect(Properties.AlarmDescription).toMatch(/^Impact: .{20,}\.$/u);
      expect(Properties.TreatMissingData).toBe('notBreaching');
    },
  );

  it('watches every dead-letter queue from the first message on', () => {
    const deadLetters = alarms.filter(({ Properties }) =>
      /DeadL|deadl/u.test(JSON.stringify(Properties.Dimensions ?? '')),
    );
    expect(deadLetters).toHaveLength(13);
    for (const { Properties } of deadLetters) {
      expect(Properties).toMatchObject({
        MetricName: 'ApproximateNumberOfMessagesVisible',
        Threshold: 0,
        ComparisonOperator: 'GreaterThanThreshold',
      });
    }
  });

  it('watches errors and throttles of every function', () => {
    const functions = findResources(stacks, 'AWS::Lambda::Function');
    for (const metric of ['Errors', 'Throttles']) {
      const names = watched.filter((each) => each.startsWith(`${metric} of`));
      expect(names).toHaveLength(functions.length);
    }
  });

  it('watches what stands still, the door, the API and the table', () => {
    expect(watched).toEqual(
      expect.arrayContaining([
        'ApproximateAgeOfOldestMessage of ImportsQueue.QueueName',
        'IteratorAge of dispatchFunction',
        'IteratorAge of followticketsFunction',
        'ApproximateAgeOfOldestMessage of ScansQueue.QueueName',
        'FailedInvocations of mailbouncesrule',
        'LockedDevices',
        'DoorFailures',
        'Duration of scansFunction',
        '5xx of Api',
        'SystemErrors of Table',
        'ThrottledRequests of Table',
      ]),
    );
  });

  it('counts failures of the door from the access log, and locked devices from the log of their worker', () => {
    const filters = findResources(stacks, 'AWS::Logs::MetricFilter');
    expect(filters.map(({ Properties }) => String(Properties.FilterPattern)).toSorted()).toEqual([
      '"device_locked"',
      '"mail_sent_again"',
      '"mail_sent_again"',
      '{ ($.route = "POST /v1/validate*") && ($.status = "5*") }',
    ]);
  });

  it('counts mails that may have come twice', () => {
    const counted = findResources(stacks, 'AWS::Logs::MetricFilter')
      .filter(({ logicalId }) => logicalId.includes('SentAgain'))
      .map(({ Properties }) => [
        Properties.FilterPattern,
        Properties.MetricTransformations[0].MetricName,
      ]);
    expect(counted).toEqual([
      ['"mail_sent_again"', 'MailsSentAgain-mail'],
      ['"mail_sent_again"', 'MailsSentAgain-messages'],
    ]);
  });

  it('tells a topic when one is named', () => {
    const app = createSwapgateApp({
      bundle: false,
      outdir: createOutdir(),
      alarmTopicArn: 'arn:aws:sns:eu-west-1:111111111111:ops',
    });
    const templates = app.synth().stacks.map(({ template }) => template);
    const actions = templates.flatMap(({ Resources }) =>
      Object.values<{ Type: string; Properties: { AlarmActions?: unknown } }>(Resources)
        .filter(({ Type }) => Type === 'AWS::CloudWatch::Alarm')
        .map(({ Properties }) => Properties.AlarmActions),
    );
    expect(actions).toHaveLength(alarms.length);
    for (const action of actions) {
      expect(action).toEqual(['arn:aws:sns:eu-west-1:111111111111:ops']);
    }
    expect(alarms[0]?.Properties).not.toHaveProperty('AlarmActions');
  });
});
