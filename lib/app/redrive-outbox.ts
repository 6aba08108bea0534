// What the dispatcher's dead letters stand for, sent after all. A dead letter only points at a record of the stream,
// which is gone after a day; the outbox items themselves are still in the table, and that is where this looks.
import type { OutboxStore } from './outbox-ports.ts';
import { passOn, type PassOnDeps } from './pass-on-outbox.ts';

export interface RedriveDeps extends PassOnDeps {
  readonly outbox: OutboxStore;
}

const PAGE = 200;
/** Bounds a run while others go on writing events. */
const PAGES_MAX = 1_000;

/** Also what was put aside, once this version understands it. `left` still isn't sent. */
export async function redriveOutbox(
  deps: RedriveDeps,
): Promise<{ readonly sent: number; readonly left: number }> {
  let sent = 0;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const unsent = await deps.outbox.listUnsent(Number.MAX_SAFE_INTEGER, PAGE);
    const failed = await passOn(deps, unsent);
    sent += unsent.length - failed.size;
    if (failed.size > 0) return { sent, left: failed.size };
    if (unsent.length < PAGE) break;
  }
  const aside = await deps.outbox.listAside(PAGE);
  const readable = aside.filter(({ message }) => message !== undefined);
  const failed = await passOn(deps, readable);
  return {
    sent: sent + readable.length - failed.size,
    left: aside.length - readable.length + failed.size,
  };
}
