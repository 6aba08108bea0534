// The parts of the synthesized templates that exist on one machine too, in the host's own words.
import { assert, present } from '../../domain/assert.ts';
import type { Resource, StackTemplate } from './assembly.ts';
import { resourcesOf } from './assembly.ts';
import { nameInArn } from './place.ts';
import type { Resolver } from './resolve.ts';

const ENTRY_METADATA = 'swapgate:entry';

export interface FunctionSpec {
  readonly functionName: string;
  /** Path of the file that exports `handler`, from the project's root. */
  readonly entry: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
}

export interface RouteSpec {
  readonly routeKey: string;
  readonly functionName: string;
}

export interface QueueSourceSpec {
  readonly queueName: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly concurrency: number;
  readonly reportsItemFailures: boolean;
}

export interface StreamSourceSpec {
  readonly streamArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly startingPosition: 'TRIM_HORIZON' | 'LATEST';
  /** JSON texts; a record is delivered when one of them matches, or when there are none. */
  readonly patterns: readonly string[];
  readonly reportsItemFailures: boolean;
  readonly bisects: boolean;
  /** With a window, an event names its shard. */
  readonly hasWindow: boolean;
  /** -1: until it succeeds. */
  readonly retriesMax: number;
  readonly onFailureQueue?: string;
}

export interface ScheduleSpec {
  readonly ruleName: string;
  readonly everyMs: number;
  readonly functionName: string;
}

export interface System {
  readonly functions: readonly FunctionSpec[];
  readonly routes: readonly RouteSpec[];
  readonly queueSources: readonly QueueSourceSpec[];
  readonly streamSources: readonly StreamSourceSpec[];
  readonly schedules: readonly ScheduleSpec[];
}

/** Lambda's defaults where the template says nothing. */
const TIMEOUT_SECONDS_DEFAULT = 3;
const MEMORY_MB_DEFAULT = 128;
const QUEUE_BATCH_DEFAULT = 10;
const STREAM_BATCH_DEFAULT = 100;
/** Batches of one queue at a time: more would only compete for the few cores of one machine. */
const CONCURRENCY_MAX = 4;

export function readSystem(stacks: readonly StackTemplate[], resolver: Resolver): System {
  const of = (...types: string[]): readonly Resource[] => resourcesOf(stacks, ...types);
  const mappings = of('AWS::Lambda::EventSourceMapping').filter(
    (mapping) => resolver.property(mapping, 'Enabled') !== false,
  );
  const sourceArn = (mapping: Resource): string =>
    String(resolver.property(mapping, 'EventSourceArn'));
  return {
    functions: of('AWS::Lambda::Function')
      .filter(({ metadata }) => ENTRY_METADATA in metadata)
      .map((resource) => toFunction(resource, resolver)),
    routes: of('AWS::ApiGatewayV2::Route').map((route) =>
      toRoute(route, of('AWS::ApiGatewayV2::Integration'), resolver),
    ),
    queueSources: mappings
      .filter((mapping) => sourceArn(mapping).includes(':sqs:'))
      .map((mapping) => toQueueSource(mapping, resolver)),
    streamSources: mappings
      .filter((mapping) => sourceArn(mapping).includes('/stream/'))
      .map((mapping) => toStreamSource(mapping, resolver)),
    schedules: of('AWS::Events::Rule').flatMap((rule) => toSchedules(rule, resolver)),
  };
}

function toFunction(resource: Resource, { property, name }: Resolver): FunctionSpec {
  const environment = property(resource, 'Environment') as
    | { Variables?: Record<string, unknown> }
    | undefined;
  return {
    functionName: name(resource),
    entry: String(resource.metadata[ENTRY_METADATA]),
    timeoutMs: Number(property(resource, 'Timeout') ?? TIMEOUT_SECONDS_DEFAULT) * 1000,
    memoryMb: Number(property(resource, 'MemorySize') ?? MEMORY_MB_DEFAULT),
    environment: Object.fromEntries(
      Object.entries(environment?.Variables ?? {}).map(([key, value]) => [key, String(value)]),
    ),
  };
}

function toRoute(
  route: Resource,
  integrations: readonly Resource[],
  { property }: Resolver,
): RouteSpec {
  const target = String(property(route, 'Target'));
  const logicalId = nameInArn(target);
  const integration = present(
    integrations.find((one) => one.stackName === route.stackName && one.logicalId === logicalId),
    `no integration ${target} for route ${route.logicalId}`,
  );
  return {
    routeKey: String(property(route, 'RouteKey')),
    functionName: nameInArn(property(integration, 'IntegrationUri')),
  };
}

function toQueueSource(mapping: Resource, { property }: Resolver): QueueSourceSpec {
  const scaling = property(mapping, 'ScalingConfig') as { MaximumConcurrency?: number } | undefined;
  return {
    queueName: nameInArn(property(mapping, 'EventSourceArn')),
    functionName: nameInArn(property(mapping, 'FunctionName')),
    batchSize: Number(property(mapping, 'BatchSize') ?? QUEUE_BATCH_DEFAULT),
    concurrency: Math.min(scaling?.MaximumConcurrency ?? CONCURRENCY_MAX, CONCURRENCY_MAX),
    reportsItemFailures: reportsItemFailures(property(mapping, 'FunctionResponseTypes')),
  };
}

function toStreamSource(mapping: Resource, { property }: Resolver): StreamSourceSpec {
  const criteria = property(mapping, 'FilterCriteria') as
    | { Filters?: { Pattern?: unknown }[] }
    | undefined;
  const destination = property(mapping, 'DestinationConfig') as
    | { OnFailure?: { Destination?: unknown } }
    | undefined;
  const onFailure = destination?.OnFailure?.Destination;
  return {
    streamArn: String(property(mapping, 'EventSourceArn')),
    functionName: nameInArn(property(mapping, 'FunctionName')),
    batchSize: Number(property(mapping, 'BatchSize') ?? STREAM_BATCH_DEFAULT),
    startingPosition:
      property(mapping, 'StartingPosition') === 'LATEST' ? 'LATEST' : 'TRIM_HORIZON',
    patterns: (criteria?.Filters ?? []).map(({ Pattern }) => String(Pattern)),
    reportsItemFailures: reportsItemFailures(property(mapping, 'FunctionResponseTypes')),
    bisects: property(mapping, 'BisectBatchOnFunctionError') === true,
    hasWindow: Number(property(mapping, 'TumblingWindowInSeconds') ?? 0) > 0,
    retriesMax: Number(property(mapping, 'MaximumRetryAttempts') ?? -1),
    ...(onFailure === undefined ? {} : { onFailureQueue: nameInArn(onFailure) }),
  };
}

const reportsItemFailures = (types: unknown): boolean =>
  Array.isArray(types) && types.includes('ReportBatchItemFailures');

const UNIT_MS: Readonly<Record<string, number>> = {
  minute: 60_000,
  hour: 3_600_000,
  day: 86_400_000,
};

function toSchedules(rule: Resource, { property, name }: Resolver): ScheduleSpec[] {
  const expression = property(rule, 'ScheduleExpression');
  if (expression === undefined || property(rule, 'State') === 'DISABLED') return [];
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(String(expression)) ?? [];
  assert(
    count !== undefined,
    `${rule.logicalId}: ${String(expression)} is not understood on one machine`,
  );
  const targets = (property(rule, 'Targets') ?? []) as { Arn: string }[];
  return targets.map(({ Arn }) => ({
    ruleName: name(rule),
    everyMs: Number(count) * present(UNIT_MS[unit], 'a known unit'),
    functionName: nameInArn(Arn),
  }));
}
