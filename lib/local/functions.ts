// Loads the functions that the template names and calls them as Lambda would: with a context, a time limit and an
// error where the handler throws.
import { randomUUID } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Context } from 'aws-lambda';
import { assert, present } from '../domain/assert.ts';
import { arnOf } from './template/place.ts';
import type { FunctionSpec } from './template/system.ts';

export type Invoke = (event: unknown) => Promise<unknown>;
export type Functions = (functionName: string) => Invoke;
type Handler = (event: unknown, context: Context) => unknown;

export class FunctionTimeout extends Error {
  override readonly name = 'FunctionTimeout';
}

/** All functions share one process: one variable can't have two values. */
export function toFunctionsEnvironment(specs: readonly FunctionSpec[]): Record<string, string> {
  const environment: Record<string, string> = {};
  for (const spec of specs) {
    for (const [name, value] of Object.entries(spec.environment)) {
      assert(
        (environment[name] ?? value) === value,
        `${name} has two values; ${spec.functionName} has the second`,
      );
      environment[name] = value;
    }
  }
  return environment;
}

export async function loadFunctions(
  specs: readonly FunctionSpec[],
  root: string,
): Promise<Functions> {
  const loaded = await Promise.all(
    specs.map(async (spec) => {
      const module: { handler?: Handler } = await import(
        pathToFileURL(resolve(root, spec.entry)).href
      );
      const handler = present(module.handler, `${spec.entry} exports no handler`);
      return [spec.functionName, createInvoke(spec, handler)] as const;
    }),
  );
  const byName = new Map(loaded);
  return (functionName) =>
    present(byName.get(functionName), `function ${functionName} has no entry file in the template`);
}

/** @internal Exported for tests. */
export function createInvoke(spec: FunctionSpec, handler: Handler): Invoke {
  return async (event) => {
    const deadlineMs = Date.now() + spec.timeoutMs;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
      const seconds = spec.timeoutMs / 1000;
      const error = new FunctionTimeout(`${spec.functionName} did not end within ${seconds} s`);
      timer = setTimeout(() => reject(error), spec.timeoutMs);
      timer.unref();
    });
    const run = (async () => handler(event, toContext(spec, deadlineMs)))();
    try {
      return await Promise.race([run, late]);
    } finally {
      clearTimeout(timer);
    }
  };
}

function toContext(spec: FunctionSpec, deadlineMs: number): Context {
  const unused = (): never => {
    throw new Error('handlers answer by their promise');
  };
  /* oxlint-disable typescript/no-deprecated -- Context has to have them */
  return {
    awsRequestId: randomUUID(),
    callbackWaitsForEmptyEventLoop: true,
    functionName: spec.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: arnOf('lambda', `function:${spec.functionName}`),
    memoryLimitInMB: String(spec.memoryMb),
    logGroupName: `/aws/lambda/${spec.functionName}`,
    logStreamName: 'local',
    getRemainingTimeInMillis: () => Math.max(0, deadlineMs - Date.now()),
    done: unused,
    fail: unused,
    succeed: unused,
  };
  /* oxlint-enable typescript/no-deprecated */
}
