// Every minute: imports under way, running or being undone, whose worker fell silent get another one. Two are harmless.
import type { ImportQueue, ImportStore } from '../app/import-ports.ts';
import type { Logger } from '../app/ports.ts';

/** Imports looked after in one minute; more wait for the next. */
const SWEEP_MAX = 100;

export interface SweepDeps {
  readonly imports: Pick<ImportStore, 'listDue' | 'postpone'>;
  readonly queue: ImportQueue;
  readonly clock: () => number;
  readonly logger: Logger;
}

export const createSweep = (deps: SweepDeps) => async (): Promise<void> => {
  const nowMs = deps.clock();
  const due = await deps.imports.listDue(nowMs, SWEEP_MAX);
  if (due.length === 0) return;
  await deps.queue.send(due.map((ids) => ({ type: 'import.run', ...ids })));
  for (const ids of due) await deps.imports.postpone(ids, nowMs);
  deps.logger.info('imports stood still', { count: due.length });
};
