// `npm start`: the system, its demo organization, and the file and lines that tell where it is.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createApi } from './demo/api.ts';
import {
  findDemo,
  findSeed,
  keepSeed,
  removeDemo,
  type Seed,
  writeDemo,
} from './demo/demo-file.ts';
import { findFreshBarcode, toGreeting } from './demo/greeting.ts';
import { isSeedAlive, SAMPLE_FILE, seedDemo } from './demo/seed.ts';
import { type Host, startHost } from './host.ts';
import { startHttp } from './http/server.ts';
import { createLifetime, endOnSignals } from './lifetime.ts';
import { lockDirectory } from './lock.ts';
import { StartProblem } from './problem.ts';
import type { StackTemplate } from './template/assembly.ts';

export interface StartInput {
  readonly synthesize: () => Promise<readonly StackTemplate[]>;
  readonly createOrganization: (name: string) => Promise<{ organizationId: string; key: string }>;
  readonly argv: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
}

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const PORT_DEFAULT = 3000;
const PORT_MAX = 65_535;

export async function start(input: StartInput): Promise<void> {
  const lifetime = createLifetime((code) => process.exit(code));
  endOnSignals(lifetime);
  try {
    const { environment, synthesize } = input;
    const isInMemory = readArguments(input.argv);
    const directory = resolve(environment['LOCAL_DIR'] || '.local');
    // First of all the port: who started twice by mistake is told so before anything is touched.
    const http = await startHttp(lifetime, readPort(environment['PORT']));
    if (!isInMemory) lockDirectory(lifetime, directory);
    removeDemo(directory);
    const host = await startHost({
      lifetime,
      root: ROOT,
      http,
      directory: isInMemory ? undefined : directory,
      environment: { ...environment },
      synthesize,
    });
    lifetime.onEnd(() => {
      // Not the one of a system that was started beside this one.
      if (findDemo(directory)?.baseUrl === host.baseUrl) removeDemo(directory);
    });
    await tellOfDemo(input, host, { directory, isInMemory });
  } catch (error) {
    // An end that was asked for breaks off the start as well; that is no failure.
    if (lifetime.signal.aborted) return;
    console.error(error instanceof StartProblem ? error.message : error);
    await lifetime.end(1);
  }
}

function readArguments(argv: readonly string[]): boolean {
  const unknown = argv.filter((argument) => argument !== '--memory');
  if (unknown.length > 0)
    throw new StartProblem(`Unknown argument ${unknown.join(' ')}. There is only --memory.`);
  return argv.includes('--memory');
}

/** 0 takes any free port. */
function readPort(text: string | undefined): number {
  const port = Number(text || PORT_DEFAULT);
  if (Number.isInteger(port) && port >= 0 && port <= PORT_MAX) return port;
  throw new StartProblem(`PORT must be a number from 0 to ${PORT_MAX}.`);
}

async function tellOfDemo(
  { createOrganization }: StartInput,
  { baseUrl, inboxUrl }: Host,
  { directory, isInMemory }: { readonly directory: string; readonly isInMemory: boolean },
): Promise<void> {
  const api = createApi(baseUrl);
  const sampleCsv = readFileSync(new URL(`./demo/${SAMPLE_FILE}`, import.meta.url), 'utf8');
  const kept = isInMemory ? undefined : findSeed(directory);
  const isAlive = kept !== undefined && (await isSeedAlive(api, kept));
  const seed: Seed = isAlive
    ? kept
    : await seedDemo({ api, createOrganization, sampleCsv, nowMs: Date.now() });
  if (!isInMemory) keepSeed(directory, seed);
  const demo = { baseUrl, inboxUrl, ...seed };
  const barcode = await findFreshBarcode(api, demo, sampleCsv);
  writeDemo(directory, demo);
  const startSeconds = performance.now() / 1000;
  console.log(toGreeting(demo, barcode));
  console.log(
    `Started in ${startSeconds.toFixed(1)} s. ${toWhereabouts(join(directory, 'demo.json'), isInMemory)}`,
  );
}

const toWhereabouts = (file: string, isInMemory: boolean): string =>
  isInMemory
    ? `Nothing is kept; keys are in ${file}.`
    : `Keys and addresses are in ${file}; Ctrl-C ends it.`;
