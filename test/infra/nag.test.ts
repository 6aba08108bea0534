import { type App, Stack, Validations } from 'aws-cdk-lib/core';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { describe, expect, it } from 'vitest';
import { createSwapgateApp } from '../../lib/infra/app.ts';
import { createNagPacks } from '../../lib/infra/nag.ts';
import { createOutdir } from './synthesized.ts';

const createApp = (): App => createSwapgateApp({ bundle: false, outdir: createOutdir() });

const findViolations = (app: App): readonly string[] =>
  createNagPacks(app).flatMap((pack) =>
    pack.validateScope(app).violations.map(({ ruleName }) => ruleName),
  );

const findAcknowledged = (app: App): readonly string[] =>
  app.node
    .findAll()
    .flatMap(({ node }) => node.metadata)
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.keys(data as Record<string, string>))
    .map((id) => id.replace(/^Annotation::/u, '').replace(/:ExportsOutput\w*/u, ':…'));

describe('the nag packs', () => {
  it('find nothing', () => {
    expect(findViolations(createApp())).toEqual([]);
  });

  it('find what is not as it should be', () => {
    const app = createApp();
    const stack = new Stack(app, 'careless');
    expect(new Queue(stack, 'Queue').node.path).toBe('careless/Queue');
    expect(findViolations(app)).toEqual(
      expect.arrayContaining([
        'AwsSolutions-SQS3',
        'AwsSolutions-SQS4',
        'Serverless-SQSRedrivePolicy',
      ]),
    );
  });

  it('are told to pass over these rules only', () => {
    expect([...new Set(findAcknowledged(createApp()))].toSorted()).toEqual([
      'AwsSolutions-APIG4',
      'AwsSolutions-IAM5[Resource::swapgate-prod-data:…/reports/*]',
      'AwsSolutions-IAM5[Resource::swapgate-prod-data:…/uploads/*]',
      'Serverless-EventBusDLQ',
      'Serverless-LambdaDLQ',
      'Serverless-LambdaEventSourceMappingDestination',
      'Serverless-LambdaTracing',
      'Serverless-SQSRedrivePolicy',
    ]);
  });
});
