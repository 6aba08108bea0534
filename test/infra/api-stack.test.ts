import { describe, expect, it } from 'vitest';
import { toRouteKey } from '../../lib/http/contract.ts';
import { CONTRACTS } from '../../lib/http/contracts.ts';
import { IMPORT_NODE_OPTIONS } from '../../lib/infra/worker-stack.ts';
import { findOne, findResources, type Found, synthesize, toName } from './synthesized.ts';

const stacks = synthesize();
const functions = findResources(stacks, 'AWS::Lambda::Function');
const integrations = findResources(stacks, 'AWS::ApiGatewayV2::Integration');
const routes = findResources(stacks, 'AWS::ApiGatewayV2::Route');
const stage = findOne(stacks, 'AWS::ApiGatewayV2::Stage');

/** The entry file that answers a route. */
function toEntry(route: Found): unknown {
  const target = toName(stacks, route.Properties.Target).replace('integrations/', '');
  const integration = integrations.find(
    ({ logicalId }) => toName(stacks, { Ref: logicalId }) === target,
  );
  const fn = toName(stacks, integration?.Properties.IntegrationUri).replace('.Arn', '');
  const found = functions.find(
    ({ stack, logicalId }) => stack === route.stack && toName(stacks, { Ref: logicalId }) === fn,
  );
  return found?.Metadata?.['swapgate:entry'];
}

describe('routes', () => {
  it('leads each contract to the function of its family, and the rest to the public one', () => {
    const expected = CONTRACTS.map((contract) => [
      toRouteKey(contract),
      `functions/http/${contract.family}.ts`,
    ]);
    const found = routes.map((route) => [route.Properties.RouteKey, toEntry(route)]);
    expect(Object.fromEntries(found)).toEqual({
      ...Object.fromEntries(expected),
      $default: 'functions/http/public.ts',
    });
    expect(found).toHaveLength(expected.length + 1);
  });

  it('hands events of payload format 2.0 to the functions', () => {
    for (const { Properties } of integrations) {
      expect(Properties).toMatchObject({
        IntegrationType: 'AWS_PROXY',
        PayloadFormatVersion: '2.0',
      });
    }
  });
});

describe('the stage', () => {
  it('limits every route, and those of the door to more', () => {
    expect(stage.Properties).toMatchObject({
      StageName: '$default',
      DefaultRouteSettings: { ThrottlingRateLimit: 1_000, ThrottlingBurstLimit: 2_000 },
    });
    const door = CONTRACTS.filter(({ family }) => family === 'scans').map(toRouteKey);
    const settings = stage.Properties.RouteSettings ?? {};
    expect(Object.keys(settings).toSorted()).toEqual(door.toSorted());
    for (const limits of Object.values(settings)) {
      expect(limits).toEqual({ ThrottlingRateLimit: 5_000, ThrottlingBurstLimit: 5_000 });
    }
    expect([...(stage.DependsOn ?? [])].toSorted()).toEqual(
      routes.map(({ logicalId }) => logicalId).toSorted(),
    );
  });

  it('logs neither paths, headers and bodies nor addresses of callers', () => {
    const format = JSON.parse(stage.Properties.AccessLogSettings.Format);
    expect(Object.values(format)).toEqual([
      '$context.requestId',
      '$context.routeKey',
      '$context.status',
      '$context.responseLatency',
    ]);
  });

  it('logs at most 180 bytes for a scan', () => {
    const line = (stage.Properties.AccessLogSettings.Format as string)
      .replace('$context.requestId', 'JKJaXmPLvHcESHA=')
      .replace('$context.routeKey', 'POST /v1/validate/{scanId}/annul')
      .replace('$context.status', '200')
      .replace('$context.responseLatency', '30000');
    // CloudWatch adds 26 bytes to each event.
    expect(Buffer.byteLength(line) + 26).toBeLessThanOrEqual(180);
    expect(line).not.toContain('$context');
  });
});

describe('functions', () => {
  it.each(functions.map((fn) => [fn.Metadata?.['swapgate:entry'], fn] as const))(
    '%s runs on Node 24 and arm64, with limits and a log of its own',
    (_, { Properties }) => {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        MemorySize: expect.any(Number),
        Timeout: expect.any(Number),
        LoggingConfig: { LogFormat: 'JSON', SystemLogLevel: 'WARN', ApplicationLogLevel: 'INFO' },
      });
      expect(Properties).not.toHaveProperty('ReservedConcurrentExecutions');
    },
  );

  it('has its own log group each, and every log group ends', () => {
    const groups = functions.map(({ Properties, stack }) =>
      [stack.name, Properties.LoggingConfig.LogGroup.Ref].join(),
    );
    expect(new Set(groups).size).toBe(functions.length);
    for (const { Properties } of findResources(stacks, 'AWS::Logs::LogGroup')) {
      expect(Properties.RetentionInDays).toBe(30);
    }
  });

  it('answers before API Gateway gives up', () => {
    const routed = functions.filter(({ stack }) => stack === stage.stack);
    for (const { Properties } of routed) expect(Properties.Timeout).toBeLessThan(30);
  });

  it('gives one name one value in all environments', () => {
    const values = functions.flatMap(({ Properties }) =>
      Object.entries(Properties.Environment?.Variables ?? {}).map(
        ([name, value]) => `${name}=${toName(stacks, value)}`,
      ),
    );
    expect([...new Set(values)].toSorted()).toEqual([
      'DISPATCH_DEAD_LETTERS_URL=dispatchdeadletters',
      'EMAIL_QUEUE_URL=EmailQueue',
      'IMPORTS_QUEUE_URL=ImportsQueue',
      'LINKS_QUEUE_URL=LinksQueue',
      'MAIL_CONFIGURATION_SET=MailConfigurationSet',
      'MAIL_FROM=tickets@swapgate.example',
      'MARKETPLACE_DEAD_LETTERS_URL=MarketplaceDeadLetters',
      'MARKETPLACE_QUEUE_URL=MarketplaceQueue',
      'MESSAGES_QUEUE_URL=MessagesQueue',
      `NODE_OPTIONS=${IMPORT_NODE_OPTIONS}`,
      'NOTICES_QUEUE_URL=NoticesQueue',
      'PUBLIC_URL=Api.ApiEndpoint',
      'RECONCILE_QUEUE_URL=ReconcileQueue',
      'REFUNDS_QUEUE_URL=RefundsQueue',
      'SCANS_QUEUE_URL=ScansQueue',
      'TABLE_NAME=Table',
      'UPLOADS_BUCKET=Uploads',
    ]);
  });
});
