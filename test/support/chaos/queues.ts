// The queues between intake, sales and marketplaces, in memory: what is in them comes in any order, now and then twice, and
// again when its worker failed.
import type { BatchHandler } from '../../../lib/workers/batch.ts';

const WORKERS = 8;
const TWICE = 0.05;
const TRIES_MAX = 60;

interface Waiting {
  readonly body: string;
  readonly tries: number;
}

export function createQueues(random: () => number) {
  const waiting = { notices: [] as Waiting[], marketplace: [] as Waiting[] };
  type Name = keyof typeof waiting;
  const counts = { handled: 0, failed: 0, twice: 0 };
  const handlers: Partial<Record<Name, BatchHandler>> = {};
  const take = (name: Name): Waiting | undefined => {
    const all = waiting[name];
    const at = Math.floor(random() * all.length);
    const [taken] = all.splice(at, 1, all.at(-1) as Waiting);
    all.pop();
    return taken;
  };
  const work = async (name: Name, message: Waiting): Promise<void> => {
    if (message.tries > TRIES_MAX) throw new Error(`nobody can do this: ${message.body}`);
    const { body } = message;
    const event = { Records: [{ messageId: '1', body }] };
    const answer = await handlers[name]?.(event as never);
    counts.handled += 1;
    if (answer?.batchItemFailures.length !== 0) {
      counts.failed += 1;
      waiting[name].push({ body, tries: message.tries + 1 });
    } else if (random() < TWICE) {
      counts.twice += 1;
      waiting[name].push({ body, tries: 0 });
    }
  };
  return {
    counts,
    handlers,
    send: (name: Name, message: unknown): void => {
      waiting[name].push({ body: JSON.stringify(message), tries: 0 });
    },
    /** Until both are empty, also of what `refill` brings. */
    async drain(refill: () => Promise<void>): Promise<void> {
      const one = async (): Promise<void> => {
        for (;;) {
          const { notices, marketplace } = waiting;
          const total = notices.length + marketplace.length;
          if (total === 0) return;
          const name = random() * total < notices.length ? 'notices' : 'marketplace';
          const message = take(name);
          if (message !== undefined) await work(name, message);
        }
      };
      for (;;) {
        await refill();
        if (waiting.notices.length + waiting.marketplace.length === 0) return;
        await Promise.all(Array.from({ length: WORKERS }, one));
      }
    },
  };
}
