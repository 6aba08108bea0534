// How many tickets of an event are held: one small item for each hold that is not resolved, written with the hold. A counter
// would make every two holds of an event wait for each other.
import * as z from 'zod';
import type { HeldCounts } from '../domain/event.ts';
import type { Hold } from '../domain/marketplaces/hold.ts';
import { heldKey, heldPartition } from './marketplace-keys.ts';
import { queryAll, type TableAccess } from './table-access.ts';

const $HeldItem = z.object({
  types: z.array(z.object({ ticketTypeId: z.number(), quantity: z.number() })),
  expiresAtMs: z.number(),
});

export function toHeldItem(hold: Hold) {
  const byType = Map.groupBy(hold.tickets, ({ ticketTypeId }) => ticketTypeId);
  const types = [...byType].map(([ticketTypeId, { length: quantity }]) => ({
    ticketTypeId,
    quantity,
  }));
  return {
    ...heldKey(hold.organizationId, hold.eventId, hold.holdId),
    kind: 'held',
    types,
    expiresAtMs: hold.expiresAtMs,
  };
}

/** Reads the holds that live, and those that the minute's sweep hasn't ended yet: 8,000 of them are one page. */
export async function countHeld(
  { client, tableName: TableName }: TableAccess,
  { organizationId, eventId }: Pick<Hold, 'organizationId' | 'eventId'>,
  nowMs: number,
): Promise<HeldCounts> {
  const items = await queryAll(client, {
    TableName,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': heldPartition(organizationId, eventId) },
    ConsistentRead: true,
  });
  const types = new Map<number, number>();
  let event = 0;
  for (const held of items.map((item) => $HeldItem.parse(item))) {
    if (held.expiresAtMs <= nowMs) continue;
    for (const { ticketTypeId, quantity } of held.types) {
      types.set(ticketTypeId, (types.get(ticketTypeId) ?? 0) + quantity);
      event += quantity;
    }
  }
  return { event, types };
}
