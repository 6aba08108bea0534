// One system at a time works with a data folder: two engines on the same files would spoil them. The lock is one of
// SQLite's, which the system takes back when the process is gone, however it ended.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Lifetime } from './lifetime.ts';
import { StartProblem } from './problem.ts';

export function lockDirectory(lifetime: Lifetime, directory: string): void {
  mkdirSync(directory, { recursive: true });
  const lock = new DatabaseSync(join(directory, 'lock'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw new StartProblem(
      `Another system works with the data in ${directory}. End it, start with --memory, ` +
        'or choose another folder: LOCAL_DIR=.local2 npm start',
      { cause: error },
    );
  }
  lifetime.onExit(() => lock.isOpen && lock.close());
}
