// Messages that have to leave with a state change: written in its transaction, sent by the stream dispatcher and
// deleted when their queue has them. What is still there after a while was not sent, and the sweep finds it.
import { $OutboxMessage, type OutboxFind, type OutboxMessage } from '../app/outbox-ports.ts';
import { outboxDue, outboxKey, outboxShard, parseOutboxKey } from './keys.ts';

/** The stream takes a second, and its retries some minutes: earlier, the sweep would only send things twice. */
const UNSENT_MS = 5 * 60_000;

const OUTBOX_KIND = 'outbox';

/** To put in the transaction of the change. It has no time to live: only what was sent may go. */
export const toOutboxItem = (outboxId: string, message: OutboxMessage, nowMs: number) => ({
  ...outboxKey(message.organizationId, outboxId),
  kind: OUTBOX_KIND,
  message,
  g4: outboxDue(outboxShard(outboxId)),
  due: nowMs + UNSENT_MS,
});

/** What an outbox item says, or undefined for an item of another kind. */
export function fromOutboxItem(item: Readonly<Record<string, unknown>>): OutboxFind | undefined {
  if (item['kind'] !== OUTBOX_KIND) return undefined;
  const ids = parseOutboxKey(String(item['pk']));
  const parsed = $OutboxMessage.safeParse(item['message']);
  return parsed.success ? { ...ids, message: parsed.data } : ids;
}
