// Passes outbox messages on to their queues, first by the stream and, where that failed, by the sweep. A message is
// forgotten only after its queue has it, so a death anywhere sends it twice and never not at all.
import {
  type OutboxFind,
  type OutboxMessage,
  type OutboxQueues,
  type OutboxStore,
  QUEUE_NAMES,
  type QueueName,
  toQueueName,
} from './outbox-ports.ts';
import type { Logger } from './ports.ts';

export interface PassOnDeps {
  readonly outbox: Pick<OutboxStore, 'remove' | 'setAside'>;
  readonly queues: OutboxQueues;
  readonly logger: Logger;
}

type Readable = OutboxFind & { readonly message: OutboxMessage };

/** Answers those that their queue did not take. One that isn't understood goes aside at once and holds up nobody. */
export async function passOn(
  deps: PassOnDeps,
  finds: readonly OutboxFind[],
): Promise<ReadonlySet<OutboxFind>> {
  for (const find of finds) if (!isReadable(find)) await putAside(deps, find);
  const readable = finds.filter(isReadable);
  const failed = new Set<OutboxFind>();
  for (const queue of QUEUE_NAMES) {
    const own = readable.filter(({ message }) => toQueueName(message) === queue);
    if (own.length === 0) continue;
    const refused = await trySend(deps, queue, own);
    await deps.outbox.remove(own.filter((_find, position) => !refused.has(position)));
    for (const [position, find] of own.entries()) if (refused.has(position)) failed.add(find);
  }
  return failed;
}

const isReadable = (find: OutboxFind): find is Readable => find.message !== undefined;

/** First the alarm: dying in between tells of it twice instead of never. */
async function putAside({ outbox, queues, logger }: PassOnDeps, find: OutboxFind): Promise<void> {
  const { organizationId, outboxId } = find;
  logger.error('outbox item not understood', { organizationId, code: 'outbox_malformed' });
  await queues.report({ organizationId, outboxId });
  await outbox.setAside(find);
}

/** A queue that fails altogether must not keep the messages of another one. */
async function trySend(
  { queues, logger }: PassOnDeps,
  queue: QueueName,
  own: readonly Readable[],
): Promise<ReadonlySet<number>> {
  try {
    return new Set(await queues.send(queue, own));
  } catch (error) {
    logger.error('queue takes nothing', { code: 'outbox_queue_failed', count: own.length, error });
    return new Set(own.keys());
  }
}
