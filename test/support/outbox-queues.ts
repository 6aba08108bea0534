// The outbox's queues, held in memory so that a test decides what they take and when it arrives.
import type {
  OutboxEntry,
  OutboxIds,
  OutboxQueues,
  QueueName,
} from '../../lib/app/outbox-ports.ts';

export interface TestQueues extends OutboxQueues {
  readonly sent: { readonly queue: QueueName; readonly entry: OutboxEntry }[];
  readonly reported: OutboxIds[];
}

/** `refuses` answers whether a queue does not take an entry. */
export function createTestQueues(
  refuses: (entry: OutboxEntry, queue: QueueName) => boolean = () => false,
): TestQueues {
  const sent: TestQueues['sent'] = [];
  const reported: OutboxIds[] = [];
  return {
    sent,
    reported,
    async send(queue, entries) {
      const taken = entries.filter((entry) => !refuses(entry, queue));
      sent.push(...taken.map(({ outboxId, message }) => ({ queue, entry: { outboxId, message } })));
      return entries.flatMap((entry, position) => (refuses(entry, queue) ? [position] : []));
    },
    async report(ids) {
      reported.push(ids);
    },
  };
}

/** For a sweep that has nothing to tell marketplaces. */
export const NOTHING_TO_TELL = {
  lanes: { listDue: async () => [], postpone: async () => undefined },
  outbound: { send: async () => undefined },
  reconciles: { listDue: async () => [], postpone: async () => undefined },
  reconcile: { send: async () => undefined },
};
