import { describe, expect, it } from 'vitest';
import { findResources, synthesize, toName } from './synthesized.ts';

const stacks = synthesize();

describe('who may call in', () => {
  it('lets the API call its functions, and the rule the sweep', () => {
    const permissions = findResources(stacks, 'AWS::Lambda::Permission').map(({ Properties }) => {
      const source = toName(stacks, Properties.SourceArn).replace(/^.*:/u, '');
      return `${toName(stacks, Properties.FunctionName)} by ${Properties.Principal} of ${source}`;
    });
    expect(permissions.toSorted()).toEqual([
      'doorFunction.Arn by apigateway.amazonaws.com of Api/*',
      'exchangesFunction.Arn by apigateway.amazonaws.com of Api/*',
      'hooksFunction.Arn by apigateway.amazonaws.com of Api/*',
      'importsFunction.Arn by apigateway.amazonaws.com of Api/*',
      'marketplacesFunction.Arn by apigateway.amazonaws.com of Api/*',
      'ordersFunction.Arn by apigateway.amazonaws.com of Api/*',
      'organizersFunction.Arn by apigateway.amazonaws.com of Api/*',
      'paymentsFunction.Arn by apigateway.amazonaws.com of Api/*',
      'pdfsFunction.Arn by apigateway.amazonaws.com of Api/*',
      'publicFunction.Arn by apigateway.amazonaws.com of Api/*',
      'scansFunction.Arn by apigateway.amazonaws.com of Api/*',
      'sweepFunction.Arn by events.amazonaws.com of sweepeveryminute.Arn',
      'ticketsFunction.Arn by apigateway.amazonaws.com of Api/*',
      'ticketswapFunction.Arn by apigateway.amazonaws.com of Api/*',
    ]);
  });

  it('lets only S3 of the same account, and the rules, put messages into queues', () => {
    const allowed = findResources(stacks, 'AWS::SQS::QueuePolicy')
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .filter(({ Effect }) => Effect === 'Allow')
      .map(({ Action, Principal, Condition }) => ({ Action, ...Principal, ...Condition }));
    const byRule = (name: string) => ({
      Action: 'sqs:SendMessage',
      Service: 'events.amazonaws.com',
      ArnEquals: { 'aws:SourceArn': { 'Fn::GetAtt': [expect.stringContaining(name), 'Arn'] } },
    });
    expect(allowed).toEqual([
      {
        Action: 'sqs:SendMessage',
        Service: 's3.amazonaws.com',
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
      },
      byRule('mailbounces'),
      byRule('mailcomplaints'),
      byRule('sweep'),
    ]);
  });
});
