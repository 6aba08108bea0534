// One end for everything that was started: by a signal, a lost terminal, a failure or a finished demo. Things end in
// the reverse order of their start, and the process is gone within 5 s whatever they do.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

export interface Lifetime {
  /** Aborts when the end begins; whatever waits should give up then. */
  readonly signal: AbortSignal;
  readonly onEnd: (end: () => unknown) => void;
  /** Runs last and synchronously, also after a crash: for child processes that must not be left behind. */
  readonly onExit: (kill: () => void) => void;
  readonly end: (exitCode: number) => Promise<void>;
}

/** Everything has ended 5 s after SIGTERM; the rest is for the process itself. */
const END_MS_MAX = 4000;
/** One that hangs must not take the time of the others. */
const ONE_END_MS_MAX = 1200;

export function createLifetime(exit: (code: number) => void): Lifetime {
  const controller = new AbortController();
  const ends: (() => unknown)[] = [];
  const kills: (() => void)[] = [];
  let ending: Promise<void> | undefined;

  const runEnds = async (): Promise<void> => {
    for (const end of ends.toReversed()) {
      try {
        await Promise.race([end(), delay(ONE_END_MS_MAX)]);
      } catch (error) {
        console.error('an engine did not end cleanly:', error);
      }
    }
  };

  const end = (exitCode: number): Promise<void> => {
    ending ??= (async () => {
      controller.abort();
      await Promise.race([runEnds(), delay(END_MS_MAX)]);
      for (const kill of kills) kill();
      exit(exitCode);
    })();
    return ending;
  };

  return {
    signal: controller.signal,
    onEnd: (one) => void ends.push(one),
    onExit: (kill) => {
      kills.push(kill);
      process.once('exit', kill);
    },
    end,
  };
}

/** Ends on signals and failures. A second Ctrl-C doesn't wait. */
export function endOnSignals(lifetime: Lifetime): void {
  for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (lifetime.signal.aborted && name === 'SIGINT') process.exit(130);
      void lifetime.end(0);
    });
  }
  if (process.env['npm_lifecycle_event'] !== undefined) endWithParents(lifetime);
  const fail = (error: unknown): void => {
    console.error(error);
    void lifetime.end(1);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  // A terminal that is gone makes every line an error; the hang-up signal ends the process in order.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
}

const PARENT_MS = 200;

/** npm hands a signal to its shell only, and that one ends without passing it on; a killed npm tells nobody. */
function endWithParents(lifetime: Lifetime): void {
  const parents = readParents();
  const timer = setInterval(() => {
    if (readParents() !== parents) void lifetime.end(0);
  }, PARENT_MS);
  timer.unref();
}

/** The shell and, where the system tells it, the npm above it. */
function readParents(): string {
  const { ppid } = process;
  try {
    const [, , above] = readFileSync(`/proc/${ppid}/stat`, 'utf8').replace(/^.*\)/s, '').split(' ');
    return `${ppid} ${above}`;
  } catch {
    return String(ppid);
  }
}
