// A small system as the CDK app would describe it: two stacks, of which the second uses what the first exports.
import { type StackTemplate, toStackTemplate } from '../../lib/local/template/assembly.ts';

const getAtt = (...path: string[]) => ({ 'Fn::GetAtt': path });

const DATA = toStackTemplate('test-data', {
  Resources: {
    Table: {
      Type: 'AWS::DynamoDB::Table',
      Properties: {
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
        StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      },
    },
    Uploads: {
      Type: 'AWS::S3::Bucket',
      Properties: {
        NotificationConfiguration: {
          QueueConfigurations: [
            {
              Event: 's3:ObjectCreated:*',
              Queue: getAtt('Queue', 'Arn'),
              Filter: { S3Key: { Rules: [{ Name: 'prefix', Value: 'uploads/' }] } },
            },
          ],
        },
      },
    },
    Dead: { Type: 'AWS::SQS::Queue', Properties: { MessageRetentionPeriod: 1_209_600 } },
    Queue: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        VisibilityTimeout: 1,
        RedrivePolicy: { deadLetterTargetArn: getAtt('Dead', 'Arn'), maxReceiveCount: 2 },
      },
    },
  },
  Outputs: {
    TableName: { Value: { Ref: 'Table' }, Export: { Name: 'test-data:TableName' } },
    StreamArn: { Value: getAtt('Table', 'StreamArn'), Export: { Name: 'test-data:StreamArn' } },
    QueueUrl: {
      Value: { Ref: 'Queue' },
      Export: { Name: { 'Fn::Sub': '${AWS::StackName}:QueueUrl' } },
    },
    QueueArn: { Value: getAtt('Queue', 'Arn'), Export: { Name: 'test-data:QueueArn' } },
  },
});

const imported = (name: string) => ({ 'Fn::ImportValue': `test-data:${name}` });
const fn = (entry: string, variables: Record<string, unknown>) => ({
  Type: 'AWS::Lambda::Function',
  Metadata: { 'swapgate:entry': entry },
  Properties: { Timeout: 10, MemorySize: 256, Environment: { Variables: variables } },
});
const route = (routeKey: string, integration: string) => ({
  Type: 'AWS::ApiGatewayV2::Route',
  Properties: {
    RouteKey: routeKey,
    Target: { 'Fn::Join': ['/', ['integrations', { Ref: integration }]] },
  },
});

const APP = toStackTemplate('test-app', {
  Parameters: { BootstrapVersion: { Default: '/cdk-bootstrap/hnb659fds/version' } },
  Resources: {
    Public: fn('functions/http/public.ts', { TABLE_NAME: imported('TableName') }),
    Worker: fn('functions/workers/work.ts', {
      TABLE_NAME: imported('TableName'),
      IMPORTS_QUEUE_URL: imported('QueueUrl'),
    }),
    Provider: { Type: 'AWS::Lambda::Function', Properties: {} },
    Integration: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: {
        IntegrationUri: {
          'Fn::Join': [
            '',
            [
              'arn:',
              { Ref: 'AWS::Partition' },
              ':apigateway:',
              { Ref: 'AWS::Region' },
              ':lambda:path/2015-03-31/functions/',
              getAtt('Public', 'Arn'),
              '/invocations',
            ],
          ],
        },
      },
    },
    Health: route('GET /v1/health', 'Integration'),
    Default: route('$default', 'Integration'),
    FromQueue: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: imported('QueueArn'),
        FunctionName: { Ref: 'Worker' },
        BatchSize: 1,
        FunctionResponseTypes: ['ReportBatchItemFailures'],
        ScalingConfig: { MaximumConcurrency: 2 },
      },
    },
    FromStream: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: {
        EventSourceArn: imported('StreamArn'),
        FunctionName: getAtt('Worker', 'Arn'),
        BatchSize: 5,
        StartingPosition: 'TRIM_HORIZON',
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 3,
        FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT"]}' }] },
        DestinationConfig: { OnFailure: { Destination: imported('QueueArn') } },
      },
    },
    Minute: {
      Type: 'AWS::Events::Rule',
      Properties: {
        ScheduleExpression: 'rate(1 minute)',
        State: 'ENABLED',
        Targets: [{ Arn: getAtt('Worker', 'Arn'), Id: 'Target0' }],
      },
    },
  },
});

export const FIXTURE: readonly StackTemplate[] = [DATA, APP];
