// Lanes of what marketplaces are told: counters, the last message's number, and when the next attempt is due. A lane
// stands in `byDue` exactly while an attempt is planned.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { QueryCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod';
import { parse } from 'zod/v4/core';
import {
  $LaneIds,
  type Lane,
  type LaneEnd,
  type LaneIds,
  type LaneStore,
} from '../app/outbound-ports.ts';
import { LANE_SHARDS, laneKey, lanesDue, laneShard, parseLaneKey } from './channel-keys.ts';
import { loadItem, type TableAccess } from './table-access.ts';

/** What was asked for is told at once; if that is lost, the sweep finds it after this. */
const UNTOLD_MS = 60_000;

const $Lane = z.object({
  asked: z.number(),
  done: z.number(),
  lastSent: z.number(),
  digest: z.string().exactOptional(),
  lastTaken: z.number(),
  failures: z.number(),
  claimedUntilMs: z.number().exactOptional(),
  version: z.number(),
});

type Change = Pick<UpdateCommandInput, 'UpdateExpression' | 'ConditionExpression'> & {
  readonly values?: Readonly<Record<string, unknown>>;
};

export function createLaneStore(access: TableAccess): LaneStore {
  const { client, tableName: TableName } = access;
  const toKey = ({ organizationId, marketplace, subject }: LaneIds) =>
    laneKey(organizationId, marketplace, subject);
  /** Undefined when the condition doesn't hold. */
  const update = async (ids: LaneIds, { values, ...change }: Change): Promise<Lane | undefined> => {
    try {
      const { Attributes } = await client.send(
        new UpdateCommand({
          TableName,
          Key: toKey(ids),
          ...change,
          ...(values === undefined ? {} : { ExpressionAttributeValues: values }),
          ReturnValues: 'ALL_NEW',
        }),
      );
      return parse($Lane, Attributes);
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return undefined;
      throw error;
    }
  };
  return {
    async ask(ids, { onlyKnown, nowMs }) {
      const asked = await update(ids, {
        UpdateExpression:
          'SET kind = :kind, g4 = :lanes, due = if_not_exists(due, :soon),' +
          ' asked = if_not_exists(asked, :none) + :one, done = if_not_exists(done, :none),' +
          ' lastSent = if_not_exists(lastSent, :none), lastTaken = if_not_exists(lastTaken, :none),' +
          ' failures = if_not_exists(failures, :none), version = if_not_exists(version, :none)',
        ...(onlyKnown ? { ConditionExpression: 'attribute_exists(pk)' } : {}),
        values: {
          ':kind': 'lane',
          ':lanes': lanesDue(laneShard(ids.subject.id)),
          ':soon': nowMs + UNTOLD_MS,
          ':none': 0,
          ':one': 1,
        },
      });
      return asked !== undefined;
    },
    load: (ids) => loadItem(access, toKey(ids), $Lane),
    claim: (ids, { version }, { sequence, digest, untilMs }) =>
      update(ids, {
        UpdateExpression:
          'SET lastSent = :sequence, digest = :digest, claimedUntilMs = :until, version = :next',
        ConditionExpression: 'version = :version',
        values: {
          ':sequence': sequence,
          ':digest': digest,
          ':until': untilMs,
          ':version': version,
          ':next': version + 1,
        },
      }),
    async end(ids, claimed, end) {
      const planned = toPlanned(claimed, end);
      if (planned !== undefined) {
        const lane = await update(ids, planned);
        return lane === undefined ? 'lost' : lane.asked > claimed.asked ? 'more' : 'idle';
      }
      // Over is what was asked for before the message was made; what came since is told by another one, and stays due.
      const toOver = end.as === 'taken' ? toTaken : toGivenUp;
      if (await update(ids, toOver(claimed, 'asked = :asked', 'REMOVE claimedUntilMs, g4, due'))) {
        return 'idle';
      }
      const isOurs = await update(ids, toOver(claimed, 'asked > :asked', 'REMOVE claimedUntilMs'));
      return isOurs ? 'more' : 'lost';
    },
    async listDue(nowMs, limit) {
      const found: LaneIds[] = [];
      for (let shard = 0; shard < LANE_SHARDS && found.length < limit; shard += 1) {
        const { Items = [] } = await client.send(
          new QueryCommand({
            TableName,
            IndexName: 'byDue',
            KeyConditionExpression: 'g4 = :due AND due <= :now',
            ExpressionAttributeValues: { ':due': lanesDue(shard), ':now': nowMs },
            Limit: limit - found.length,
          }),
        );
        found.push(...Items.map((item) => parse($LaneIds, parseLaneKey(String(item['pk'])))));
      }
      return found;
    },
    async postpone(ids, dueMs) {
      await update(ids, {
        UpdateExpression: 'SET due = :due',
        ConditionExpression: 'attribute_exists(due)',
        values: { ':due': dueMs },
      });
    },
  };
}

const toTaken = (
  { asked, lastSent, version }: Lane,
  condition: string,
  removal: string,
): Change => ({
  UpdateExpression: `SET done = :asked, lastTaken = :sequence, failures = :none, version = :next ${removal}`,
  ConditionExpression: `version = :version AND ${condition}`,
  values: {
    ':asked': asked,
    ':sequence': lastSent,
    ':none': 0,
    ':version': version,
    ':next': version + 1,
  },
});

const toGivenUp = ({ asked, version }: Lane, condition: string, removal: string): Change => ({
  UpdateExpression: `SET failures = :none, version = :next ${removal}`,
  ConditionExpression: `version = :version AND ${condition}`,
  values: { ':asked': asked, ':none': 0, ':version': version, ':next': version + 1 },
});

/** Undefined when no other attempt follows this one. */
function toPlanned({ version }: Lane, end: LaneEnd): Change | undefined {
  const ConditionExpression = 'version = :version';
  const versions = { ':version': version, ':next': version + 1 };
  if (end.as === 'early') {
    const UpdateExpression = 'SET version = :next REMOVE claimedUntilMs';
    return { UpdateExpression, ConditionExpression, values: versions };
  }
  if (end.as !== 'failed') return undefined;
  const UpdateExpression =
    'SET failures = :failures, due = :due, version = :next REMOVE claimedUntilMs';
  const values = { ...versions, ':failures': end.failures, ':due': end.dueMs };
  return { UpdateExpression, ConditionExpression, values };
}
