// Counters of attendance. An item belongs to one shard of the stream and to ten minutes, and remembers the last record
// that it counted: records come in the order of their shard, so one that is delivered again is told by its number, and
// a whole batch is counted by one write without a transaction.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { QueryCommand, type QueryCommandInput, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { AttendanceStore, CountedChange } from '../app/door/attendance-ports.ts';
import type { Attendance } from '../domain/attendance.ts';
import { attendancePartition, passCountsKey } from './door-keys.ts';
import { createGateNames } from './gate-names.ts';
import type { Key } from './keys.ts';
import type { TableAccess } from './table-access.ts';

const TEN_MINUTES_MS = 10 * 60_000;
const MINUTE_MS = 60_000;

/** `y7i`: of type 7, inside. `gmain.e`: of gate main, entries. `m29700001x`: of that minute, exits. `rBLOCKED`: refusals. */
const LETTERS = { inside: 'i', admitted: 'a', entries: 'e', exits: 'x' } as const;
const PASS_LETTERS = ['admitted', 'entries', 'exits'] as const;
const TYPE_LETTERS = ['inside', 'admitted', 'entries'] as const;
export const REFUSED_PREFIX = 'r';

export function createAttendanceStore(access: TableAccess): AttendanceStore {
  const findName = createGateNames(access);
  const nameGate = async (change: CountedChange): Promise<CountedChange> => {
    const { gateId } = change.counts;
    if (gateId === undefined) return change;
    return { ...change, counts: { ...change.counts, gateId: await findName(change.ids, gateId) } };
  };
  return {
    async count(lane, changes) {
      const named: CountedChange[] = [];
      for (const change of changes) named.push(await nameGate(change));
      for (const group of groupByItem(lane, named)) await countGroup(access, group);
    },

    async load(ids) {
      const counts = new Map<string, number>();
      let start: QueryCommandInput['ExclusiveStartKey'];
      do {
        const page = await access.client.send(
          new QueryCommand({
            TableName: access.tableName,
            KeyConditionExpression: 'pk = :pk',
            ExpressionAttributeValues: { ':pk': attendancePartition(ids) },
            ...(start === undefined ? {} : { ExclusiveStartKey: start }),
          }),
        );
        for (const item of page.Items ?? []) addUp(counts, item);
        start = page.LastEvaluatedKey;
      } while (start !== undefined);
      return toAttendance(counts);
    },
  };
}

interface Group {
  readonly key: Key;
  readonly changes: CountedChange[];
}

function groupByItem(lane: string, changes: readonly CountedChange[]): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const change of changes) {
    const key = passCountsKey(change.ids, lane, Math.floor(change.counts.atMs / TEN_MINUTES_MS));
    const name = `${key.pk} ${key.sk}`;
    const group = groups.get(name) ?? { key, changes: [] };
    groups.set(name, group);
    group.changes.push(change);
  }
  return [...groups.values()];
}

/** Counts what the item hasn't counted yet; another process may be at the same batch. */
async function countGroup({ client, tableName }: TableAccess, { key, changes }: Group) {
  let left: readonly CountedChange[] = changes;
  while (left.length > 0) {
    const counts = [...toCounts(left)].filter(([, count]) => count !== 0);
    const names = counts.map(([name], index) => [`#c${index}`, name] as const);
    const adds = names.map(([name], index) => `${name} :c${index}`).join(', ');
    try {
      await client.send(
        new UpdateCommand({
          TableName: tableName,
          Key: key,
          UpdateExpression: `SET kind = :kind, seq = :last${adds === '' ? '' : ` ADD ${adds}`}`,
          ConditionExpression: 'attribute_not_exists(seq) OR seq < :first',
          ...(names.length === 0 ? {} : { ExpressionAttributeNames: Object.fromEntries(names) }),
          ExpressionAttributeValues: {
            ':kind': 'attendance',
            ':first': left[0]?.sequence,
            ':last': left.at(-1)?.sequence,
            ...Object.fromEntries(counts.map(([, count], index) => [`:c${index}`, count])),
          },
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        }),
      );
      return;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      const counted = error.Item?.['seq']?.S ?? '';
      left = left.filter(({ sequence }) => sequence > counted);
    }
  }
}

function toCounts(changes: readonly CountedChange[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const add = (name: string, count: number): void => {
    counts.set(name, (counts.get(name) ?? 0) + count);
  };
  for (const { counts: change } of changes) {
    for (const [typeId, ofType] of change.types) {
      for (const field of TYPE_LETTERS) add(`y${typeId}${LETTERS[field]}`, ofType[field]);
    }
    const minute = Math.floor(change.atMs / MINUTE_MS);
    for (const field of PASS_LETTERS) {
      add(`m${minute}${LETTERS[field]}`, change.pass[field]);
      if (change.gateId !== undefined)
        add(`g${change.gateId}.${LETTERS[field]}`, change.pass[field]);
    }
  }
  return counts;
}

function addUp(counts: Map<string, number>, item: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(item)) {
    if (typeof value === 'number') counts.set(name, (counts.get(name) ?? 0) + value);
  }
}

const NAME = /^(?:y(?<type>\d+)|m(?<minute>\d+)|g(?<gate>.+)\.)(?<letter>[iaex])$/;

function toAttendance(counts: ReadonlyMap<string, number>): Attendance {
  const types = new Map<number, Record<string, number>>();
  const gates = new Map<string, Record<string, number>>();
  const minutes = new Map<number, Record<string, number>>();
  const refusals = new Map<string, number>();
  for (const [name, count] of counts) {
    const { type, minute, gate, letter = '' } = NAME.exec(name)?.groups ?? {};
    if (type !== undefined) put(types, Number(type), letter, count);
    else if (minute !== undefined) put(minutes, Number(minute), letter, count);
    else if (gate !== undefined) put(gates, gate, letter, count);
    else if (name.startsWith(REFUSED_PREFIX)) refusals.set(name.slice(1), count);
  }
  return {
    types: mapCounts(types, toTypeCounts),
    gates: mapCounts(gates, toPassCounts),
    minutes: mapCounts(minutes, toPassCounts),
    refusals,
  };
}

function put<K>(map: Map<K, Record<string, number>>, key: K, letter: string, count: number): void {
  map.set(key, { ...map.get(key), [letter]: count });
}

const toTypeCounts = ({ i = 0, a = 0, e = 0 }: Record<string, number>) => ({
  inside: i,
  admitted: a,
  entries: e,
});
const toPassCounts = ({ a = 0, e = 0, x = 0 }: Record<string, number>) => ({
  admitted: a,
  entries: e,
  exits: x,
});
const mapCounts = <K, T>(
  map: ReadonlyMap<K, Record<string, number>>,
  to: (letters: Record<string, number>) => T,
): ReadonlyMap<K, T> => new Map([...map].map(([key, letters]) => [key, to(letters)]));
