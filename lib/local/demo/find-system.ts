// The system that the demo plays against: the one that runs, or one of its own that ends with the demo.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { endWithUs } from '../engines/end-with-us.ts';
import { StartProblem } from '../problem.ts';
import { type Demo, findDemo } from './demo-file.ts';

const LOCAL = fileURLToPath(new URL('../../../bin/local.ts', import.meta.url));
const HEALTH_MS_MAX = 2000;
const START_MS_MAX = 120_000;
const POLL_MS = 100;

export interface FoundSystem {
  readonly demo: Demo;
  readonly end: () => Promise<void>;
}

export async function findSystem(environment: NodeJS.ProcessEnv): Promise<FoundSystem> {
  const running = findDemo(resolve(environment['LOCAL_DIR'] || '.local'));
  if (running !== undefined && (await isHealthy(running.baseUrl))) {
    return { demo: running, end: async () => undefined };
  }
  return startOwn(environment);
}

async function isHealthy(baseUrl: string): Promise<boolean> {
  try {
    const health = await fetch(`${baseUrl}/v1/health`, {
      signal: AbortSignal.timeout(HEALTH_MS_MAX),
    });
    return health.ok && ((await health.json()) as { status?: unknown }).status === 'ok';
  } catch {
    return false;
  }
}

async function startOwn(environment: NodeJS.ProcessEnv): Promise<FoundSystem> {
  const directory = mkdtempSync(join(tmpdir(), 'swapgate-demo-'));
  const child = spawn(process.execPath, [LOCAL, '--memory'], {
    env: { ...environment, PORT: '0', LOCAL_DIR: directory },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  endWithUs(child);
  const end = async (): Promise<void> => {
    if (!hasEnded(child)) {
      child.kill('SIGTERM');
      await once(child, 'exit');
    }
    rmSync(directory, { recursive: true, force: true });
  };
  // However the demo ends, its own system ends with it.
  process.once('exit', () => child.kill('SIGTERM'));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(name, () => process.exit(1));
  for (const deadline = Date.now() + START_MS_MAX; ;) {
    const demo = findDemo(directory);
    if (demo !== undefined) return { demo, end };
    if (hasEnded(child) || Date.now() > deadline) {
      await end();
      throw new StartProblem('The system of the demo did not start.');
    }
    await delay(POLL_MS);
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;
