// A client that meets what a real table sometimes answers: conflicts, throttling, and replies that get lost after the
// write was done. Seeded, so that a run can be repeated.
import { randomUUID } from 'node:crypto';
import {
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
  type TransactWriteItemsCommandInput,
} from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { testAwsConfig } from './aws.ts';
import { createLeanClient } from './lean-client.ts';

export interface Faults {
  readonly conflict: number;
  readonly throttle: number;
  readonly lostReply: number;
}

/** Numbers from 0 to 1; the same for the same seed, and others for the next one (Mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function createFaultyClient(faults: Faults, seed: number) {
  const client = new DynamoDBClient({
    ...testAwsConfig(inject('dynamoDbEndpoint')),
    maxAttempts: ATTEMPTS_MAX,
  });
  const dice = throwDice(faults, seed);
  client.middlewareStack.add(
    (next) => async (args) => {
      dice.conflict();
      return next(args);
    },
    { step: 'initialize', name: 'conflict' },
  );
  // Below the retries of the client, which send again.
  client.middlewareStack.add((next) => async (args) => dice.lose(async () => next(args)), {
    step: 'finalizeRequest',
    name: 'lose',
    priority: 'low',
  });
  return { client, counts: dice.counts };
}

/**
 * The same for a campaign: over the lean client, whose missing retries are put back. Only writes conflict, a
 * transaction as one that was canceled.
 */
export function createLeanFaultyClient(faults: Faults, seed: number) {
  const client = createLeanClient();
  const dice = throwDice(faults, seed);
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const isTransaction = commandName === 'TransactWriteItemsCommand';
        if (isTransaction || /^(?:Put|Update|Delete)Item/.test(commandName)) {
          dice.conflict(isTransaction ? args.input : undefined);
        }
        const token = isTransaction ? { ClientRequestToken: randomUUID() } : {};
        for (let left = ATTEMPTS_MAX; ; left -= 1) {
          try {
            const input = { ...args.input, ...token };
            return await dice.lose(async () => next({ ...args, input }));
          } catch (error) {
            if (left === 1 || !(error instanceof Error && TRIED_AGAIN.has(error.name))) throw error;
          }
        }
      },
    { step: 'initialize', name: 'lose' },
  );
  return { client, counts: dice.counts };
}

const ATTEMPTS_MAX = 6;
/** The last is DynamoDB Local's own, when it waits too long for a lock. */
const TRIED_AGAIN = new Set(['ThrottlingException', 'TimeoutError', 'InternalServerError']);

function throwDice(faults: Faults, seed: number) {
  const random = createRandom(seed);
  const counts = { conflicts: 0, throttles: 0, lostReplies: 0 };
  return {
    counts,
    /** `canceled`: the transaction that it happens to. */
    conflict(canceled?: object): void {
      if (random() >= faults.conflict) return;
      counts.conflicts += 1;
      throw toConflict(canceled);
    },
    async lose<T>(send: () => Promise<T>): Promise<T> {
      if (random() < faults.throttle) {
        counts.throttles += 1;
        throw toFault('ThrottlingException');
      }
      const answer = await send();
      if (random() >= faults.lostReply) return answer;
      counts.lostReplies += 1;
      throw toFault('TimeoutError');
    },
  };
}

function toConflict(canceled: object | undefined): Error {
  const facts = { message: 'conflict', $metadata: {} };
  if (canceled === undefined) return new TransactionConflictException(facts);
  const { TransactItems = [] } = canceled as TransactWriteItemsCommandInput;
  const CancellationReasons = TransactItems.map((_, at) => ({
    Code: at === 0 ? 'TransactionConflict' : 'None',
  }));
  return new TransactionCanceledException({ ...facts, CancellationReasons });
}

const toFault = (name: string): Error => Object.assign(new Error(name), { name, $metadata: {} });
