// The files by which a running system is found and its demo organization is known again: `demo.json` stands there while
// the system is ready, `seed.json` keeps the demo's keys over a restart (the table has only their hashes).
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Seed {
  readonly organizationId: string;
  readonly keys: { readonly organizer: string; readonly device: string };
  readonly eventId: string;
  readonly eventUrl: string;
}

export interface Demo extends Seed {
  readonly baseUrl: string;
  readonly inboxUrl: string;
}

const DEMO_FILE = 'demo.json';
const SEED_FILE = 'seed.json';

export const findDemo = (directory: string): Demo | undefined =>
  read<Demo>(join(directory, DEMO_FILE));
export const findSeed = (directory: string): Seed | undefined =>
  read<Seed>(join(directory, SEED_FILE));
export const keepSeed = (directory: string, seed: Seed): void => write(directory, SEED_FILE, seed);
export const writeDemo = (directory: string, demo: Demo): void => write(directory, DEMO_FILE, demo);
export const removeDemo = (directory: string): void =>
  rmSync(join(directory, DEMO_FILE), { force: true });

function read<T>(file: string): T | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as T;
  } catch {
    return undefined;
  }
}

/** By rename, so that nobody reads half a file; for its owner only, because it holds keys. */
function write(directory: string, name: string, content: unknown): void {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, name);
  writeFileSync(`${file}.new`, `${JSON.stringify(content, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
