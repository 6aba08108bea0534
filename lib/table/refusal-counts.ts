// Refusals by reason, on a few items of an event: the part of a transaction that adds to them.
import type { ScanMessage } from '../app/door/ports.ts';
import { REFUSED_PREFIX } from './attendance-store.ts';
import { refusalCountsKey } from './door-keys.ts';
import type { LabelledItem } from './transact.ts';

/** Items over which an event's refusals are spread: its busiest minutes write some ten of them a second. */
const LANES = 8;

export function toRefusalCounts(
  TableName: string,
  messages: readonly ScanMessage[],
): LabelledItem<string>[] {
  const refused = messages.filter(({ outcome, isCheck }) => outcome === 'REFUSED' && !isCheck);
  const events = new Map(refused.map((one) => [`${one.organizationId} ${one.eventId}`, one]));
  const lane = Math.floor(Math.random() * LANES);
  return [...events.values()].map((event) => {
    const counts = new Map<string, number>();
    for (const { eventId, organizationId, reason } of refused) {
      if (eventId !== event.eventId || organizationId !== event.organizationId) continue;
      // A refusal of an offline scanner tells no reason.
      const name = REFUSED_PREFIX + (reason ?? 'OFFLINE');
      counts.set(name, (counts.get(name) ?? 0) + 1);
    }
    const names = [...counts.keys()];
    return {
      as: 'refusals',
      Update: {
        TableName,
        Key: refusalCountsKey(event, lane),
        UpdateExpression: `SET kind = :kind ADD ${names.map((_, n) => `#c${n} :c${n}`).join(', ')}`,
        ExpressionAttributeNames: Object.fromEntries(names.map((name, n) => [`#c${n}`, name])),
        ExpressionAttributeValues: {
          ':kind': 'attendance',
          ...Object.fromEntries([...counts.values()].map((count, n) => [`:c${n}`, count])),
        },
      },
    };
  });
}
