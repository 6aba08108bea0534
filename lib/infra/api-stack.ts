// The HTTP API: one function per family of routes, a route per contract, and a stage with limits and a short access
// log that holds no path, no header and no body.
import { CfnApi, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { FilterPattern, LogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import { ArnFormat, CfnOutput, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib/core';
import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { FAMILIES, type Family, toRouteKey } from '../http/contract.ts';
import { CONTRACTS } from '../http/contracts.ts';
import type { CodeSource } from './code.ts';
import type { AppFunction } from './constructs/app-function.ts';
import type { Data } from './data-stack.ts';
import { createFamilyFunction } from './family-functions.ts';
import type { Stage } from './stages.ts';

/** Requests a second of one route: what an on-demand table takes from its first minute on, with room beside it. */
const ROUTE_LIMITS = { throttlingRateLimit: 1_000, throttlingBurstLimit: 2_000 };
/** A throttled scan is a queue at the door: half of an account's default 10,000 a second, and all of its burst. */
const DOOR_LIMITS = { ThrottlingRateLimit: 5_000, ThrottlingBurstLimit: 5_000 };

/** At most 180 bytes a line, so that a scan's line costs less than its write. A route key has no path values in it. */
const ACCESS_LOG_FORMAT = JSON.stringify({
  id: '$context.requestId',
  route: '$context.routeKey',
  status: '$context.status',
  ms: '$context.responseLatency',
});

export interface Api {
  readonly apiId: string;
  /** Without a slash at its end. */
  readonly url: string;
  readonly functions: Readonly<Record<Family, AppFunction>>;
  /** Answers to scans with a status of 500 or more, also those that API Gateway itself gave. */
  readonly doorFailures: Metric;
}

interface ApiStackProps {
  readonly stage: Stage;
  readonly code: CodeSource;
  readonly data: Data;
}

type FamilyFunctions = Api['functions'];

export function createApiStack(scope: Construct, props: ApiStackProps): Api {
  const { stage } = props;
  const stack = new Stack(scope, `swapgate-${stage.name}-api`, {
    description: 'Swapgate: HTTP API and the functions behind it.',
  });
  const api = new CfnApi(stack, 'Api', { name: `swapgate-${stage.name}`, protocolType: 'HTTP' });
  const functions = Object.fromEntries(
    FAMILIES.map((family) => [family, createFamilyFunction(stack, family, props)]),
  ) as FamilyFunctions;
  const routes = addRoutes(api, functions);
  const accessLog = new LogGroup(stack, 'AccessLog', {
    retention: stage.logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  addStage(api, accessLog, routes);
  new CfnOutput(stack, 'ApiUrl', { value: api.attrApiEndpoint });
  return {
    apiId: api.ref,
    url: api.attrApiEndpoint,
    functions,
    doorFailures: countDoorFailures(accessLog, stage),
  };
}

function addRoutes(api: CfnApi, functions: FamilyFunctions): readonly CfnRoute[] {
  const targets = Object.fromEntries(
    FAMILIES.map((family) => [family, addIntegration(api, functions[family])]),
  ) as Record<Family, string>;
  const routes = CONTRACTS.map((contract) =>
    addRoute(api, {
      id: `Route-${contract.operationId}`,
      routeKey: toRouteKey(contract),
      target: targets[contract.family],
    }),
  );
  const fallback = { id: 'Route-default', routeKey: '$default', target: targets.public };
  return [...routes, addRoute(api, fallback)];
}

function addIntegration(api: CfnApi, { fn, name }: AppFunction): string {
  const stack = Stack.of(api);
  const integration = new CfnIntegration(stack, `Integration-${name}`, {
    apiId: api.ref,
    integrationType: 'AWS_PROXY',
    integrationUri: fn.functionArn,
    payloadFormatVersion: '2.0',
  });
  // One for the whole API: one for each route would outgrow the 20 KB of a function's policy.
  fn.addPermission('Api', {
    principal: new ServicePrincipal('apigateway.amazonaws.com'),
    sourceArn: stack.formatArn({ service: 'execute-api', resource: api.ref, resourceName: '*' }),
  });
  return `integrations/${integration.ref}`;
}

interface RouteProps {
  readonly id: string;
  readonly routeKey: string;
  readonly target: string;
}

function addRoute(api: CfnApi, { id, routeKey, target }: RouteProps): CfnRoute {
  const route = new CfnRoute(Stack.of(api), id, { apiId: api.ref, routeKey, target });
  Validations.of(route).acknowledge({
    id: 'AwsSolutions-APIG4',
    reason: 'The function checks the key: an authorizer would be a second invocation per scan.',
  });
  return route;
}

function addStage(api: CfnApi, accessLog: LogGroup, routes: readonly CfnRoute[]): void {
  const stack = Stack.of(api);
  const door = CONTRACTS.filter(({ family }) => family === 'scans').map(
    (contract) => [toRouteKey(contract), DOOR_LIMITS] as const,
  );
  const stage = new CfnStage(stack, 'Stage', {
    apiId: api.ref,
    stageName: '$default',
    autoDeploy: true,
    defaultRouteSettings: ROUTE_LIMITS,
    // A map of any keys, so CDK passes it on as it stands.
    routeSettings: Object.fromEntries(door),
    accessLogSettings: {
      destinationArn: stack.formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName: accessLog.logGroupName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
      format: ACCESS_LOG_FORMAT,
    },
  });
  // Settings of a route can't be made before the route.
  for (const route of routes) stage.addResourceDependency(route);
}

/** From the access log, because the function answers most of its failures itself and thus has no error for Lambda. */
function countDoorFailures(logGroup: LogGroup, stage: Stage): Metric {
  const filter = new MetricFilter(logGroup, 'DoorFailures', {
    logGroup,
    metricNamespace: `swapgate/${stage.name}`,
    metricName: 'DoorFailures',
    filterPattern: FilterPattern.all(
      FilterPattern.stringValue('$.route', '=', 'POST /v1/validate*'),
      FilterPattern.stringValue('$.status', '=', '5*'),
    ),
  });
  return filter.metric({ statistic: 'Sum' });
}
