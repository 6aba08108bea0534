// A Lambda function as all of ours are: Node 24 on arm64, its own log group, and its own role that may write to that
// log group and nothing else. What more it may do stands in the stack that makes it.
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  ApplicationLogLevel,
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib/core';
import { Construct } from 'constructs';
import type { CfnFunction, FunctionOptions } from 'aws-cdk-lib/aws-lambda';
import type { CodeOptions, CodeSource, Entry } from '../code.ts';
import type { Stage } from '../stages.ts';

/** The only variables that functions know; on one machine they share a process, so one name has one value. */
export type Environment = Partial<
  Record<
    | 'TABLE_NAME'
    | 'UPLOADS_BUCKET'
    | 'IMPORTS_QUEUE_URL'
    | 'EMAIL_QUEUE_URL'
    | 'MESSAGES_QUEUE_URL'
    | 'RECONCILE_QUEUE_URL'
    | 'REFUNDS_QUEUE_URL'
    | 'LINKS_QUEUE_URL'
    | 'MARKETPLACE_QUEUE_URL'
    | 'MARKETPLACE_DEAD_LETTERS_URL'
    | 'MAIL_FROM'
    | 'PUBLIC_URL'
    | 'MAIL_CONFIGURATION_SET'
    | 'SCANS_QUEUE_URL'
    | 'NOTICES_QUEUE_URL'
    | 'DISPATCH_DEAD_LETTERS_URL'
    | 'NODE_OPTIONS',
    string
  >
>;

export interface AppFunctionProps extends Pick<
  FunctionOptions,
  'deadLetterQueue' | 'recursiveLoop'
> {
  readonly stage: Stage;
  readonly code: CodeSource;
  readonly entry: Entry;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  readonly environment: Environment;
  /** What people notice while this function fails: ends up in its alarms. */
  readonly impact: string;
  readonly codeOptions?: CodeOptions;
}

export interface AppFunction {
  readonly fn: LambdaFunction;
  readonly role: Role;
  readonly logGroup: LogGroup;
  readonly name: string;
  readonly impact: string;
}

/** Where the one-machine host finds which file a function of the template is. */
const ENTRY_METADATA = 'swapgate:entry';

export function createAppFunction(
  parent: Construct,
  name: string,
  props: AppFunctionProps,
): AppFunction {
  const scope = new Construct(parent, name);
  const logGroup = new LogGroup(scope, 'Logs', {
    retention: props.stage.logRetention,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const role = new Role(scope, 'Role', {
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    description: `Of the function ${name}.`,
  });
  logGroup.grantWrite(role);
  const { deadLetterQueue, recursiveLoop } = props;
  const fn = new LambdaFunction(scope, 'Function', {
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code: props.code(props.entry, props.codeOptions ?? {}),
    description: props.description,
    memorySize: props.memoryMb,
    timeout: Duration.seconds(props.timeoutSeconds),
    environment: props.environment,
    role,
    logGroup,
    loggingFormat: LoggingFormat.JSON,
    applicationLogLevelV2: ApplicationLogLevel.INFO,
    // START and REPORT lines would cost as much per scan as the scan's own write.
    systemLogLevelV2: SystemLogLevel.WARN,
    ...(deadLetterQueue === undefined ? {} : { deadLetterQueue }),
    ...(recursiveLoop === undefined ? {} : { recursiveLoop }),
  });
  (fn.node.defaultChild as CfnFunction).addMetadata(ENTRY_METADATA, props.entry);
  acknowledge(fn, deadLetterQueue !== undefined);
  return { fn, role, logGroup, name, impact: props.impact };
}

function acknowledge(fn: LambdaFunction, hasDeadLetterQueue: boolean): void {
  Validations.of(fn).acknowledge({
    id: 'Serverless-LambdaTracing',
    reason:
      'Sending traces needs a permission on every resource, and costs more per scan than its log may.',
  });
  if (hasDeadLetterQueue) return;
  Validations.of(fn).acknowledge({
    id: 'Serverless-LambdaDLQ',
    reason:
      'Never invoked asynchronously: API Gateway waits for it, or its queue keeps the message.',
  });
}
