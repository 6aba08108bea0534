// Which gates of an event are counted by their names. Any name may come from a scanner whose key has no gate, and each is
// an attribute of the counters: the first ones of an event have counters of their own, the others share one.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { EventIds } from '../app/door/ports.ts';
import { gateNamesKey } from './door-keys.ts';
import type { TableAccess } from './table-access.ts';

/**
 * Twice as many as an event may have rules for; with all of them a counter's item is 20 KB.
 * @internal Exported for tests.
 */
export const COUNTED_GATES_MAX = 100;
/**
 * The name of the others: no gate can have it.
 * @internal Exported for tests.
 */
export const OTHER_GATES = '*';
/** Events that one function counts at the same time. */
const EVENTS_MAX = 200;

/** The name under which a gate is counted: the same for good. */
export type GateNames = (ids: EventIds, gateId: string) => Promise<string>;

export function createGateNames({ client, tableName }: TableAccess): GateNames {
  const events = new Map<string, { names: ReadonlySet<string>; isFull: boolean }>();

  const claim = async (ids: EventIds, gateId: string) => {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: gateNamesKey(ids),
          UpdateExpression: 'SET kind = :kind ADD gts :gate',
          ConditionExpression:
            'attribute_not_exists(gts) OR size(gts) < :max OR contains(gts, :name)',
          ExpressionAttributeValues: {
            ':kind': 'attendance',
            ':gate': new Set([gateId]),
            ':name': gateId,
            ':max': COUNTED_GATES_MAX,
          },
          ReturnValues: 'ALL_NEW',
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return { names: Attributes?.['gts'] as Set<string>, isFull: false };
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return { names: unmarshall(error.Item ?? {})['gts'] as Set<string>, isFull: true };
    }
  };

  return async (ids, gateId) => {
    const event = `${ids.organizationId} ${ids.eventId}`;
    let known = events.get(event);
    if (known === undefined || (!known.isFull && !known.names.has(gateId))) {
      known = await claim(ids, gateId);
      events.delete(event);
      events.set(event, known);
      for (const oldest of events.keys()) {
        if (events.size <= EVENTS_MAX) break;
        events.delete(oldest);
      }
    }
    return known.names.has(gateId) ? gateId : OTHER_GATES;
  };
}
