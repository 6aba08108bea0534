// The table's stream, as far as it tells of tickets. In a window of its own, because only then Lambda tells the shard,
// by which records that come again are known; the window's state isn't used.
import type { DynamoDBRecord } from 'aws-lambda';
import { type FollowDeps, followTickets } from '../app/door/follow-tickets.ts';
import type { Clock, Logger } from '../app/ports.ts';
import { assert } from '../domain/assert.ts';
import type { TicketChange } from '../domain/attendance.ts';

export interface FollowWorkerDeps extends FollowDeps {
  readonly fromStreamRecord: (
    record: DynamoDBRecord,
  ) => (TicketChange & { readonly sequence: string }) | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface WindowEvent {
  /** Absent in the call that ends a window. */
  readonly Records?: readonly DynamoDBRecord[];
  readonly shardId?: string;
}

/** Throws and so has the whole batch delivered again: all of it may come twice. */
export const createTicketFollower =
  (deps: FollowWorkerDeps) =>
  async ({ Records = [], shardId }: WindowEvent): Promise<{ readonly state: object }> => {
    const changes = Records.flatMap((record) => read(deps, record) ?? []);
    if (changes.length > 0) {
      assert(shardId !== undefined, 'the mapping has a window, so its events name their shard');
      await followTickets(deps, shardId, changes, deps.clock());
    }
    return { state: {} };
  };

/** A record that can't be read must not hold up its shard, which is the door's whole news. */
function read({ fromStreamRecord, logger }: FollowWorkerDeps, record: DynamoDBRecord) {
  try {
    return fromStreamRecord(record);
  } catch (error) {
    logger.error('stream record not understood', { code: 'malformed_record', error });
    return undefined;
  }
}
