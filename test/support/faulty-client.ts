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

/** Numbers from 0 to 1; the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export function createFaultyClient(faults: Faults, seed: number) {
  const random = createRandom(seed);
  const counts = { conflicts: 0, throttles: 0, lostReplies: 0 };
  const client = new DynamoDBClient({
    ...testAwsConfig(inject('dynamoDbEndpoint')),
    maxAttempts: 6,
  });
  client.middlewareStack.add(
    (next) => async (args) => {
      if (random() < faults.conflict) {
        counts.conflicts += 1;
        throw new TransactionConflictException({ message: 'conflict', $metadata: {} });
      }
      return next(args);
    },
    { step: 'initialize', name: 'conflict' },
  );
  // Below the retries of the client, which send again.
  client.middlewareStack.add(
    (next) => async (args) => {
      if (random() < faults.throttle) {
        counts.throttles += 1;
        throw toFault('ThrottlingException');
      }
      const answer = await next(args);
      if (random() >= faults.lostReply) return answer;
      counts.lostReplies += 1;
      throw toFault('TimeoutError');
    },
    { step: 'finalizeRequest', name: 'lose', priority: 'low' },
  );
  return { client, counts };
}

const ATTEMPTS = 6;
/** The last is DynamoDB Local's own, when it waits too long for a lock. */
const TRIED_AGAIN = new Set(['ThrottlingException', 'TimeoutError', 'InternalServerError']);

/** The same for a campaign: over the lean client, whose missing retries are put back. Only writes conflict. */
export function createLeanFaultyClient(faults: Faults, seed: number) {
  const random = createRandom(seed);
  const counts = { conflicts: 0, throttles: 0, lostReplies: 0 };
  const client = createLeanClient();
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const isTransaction = commandName === 'TransactWriteItemsCommand';
        const isWrite = isTransaction || /^(?:Put|Update|Delete)Item/.test(commandName);
        if (isWrite && random() < faults.conflict) {
          counts.conflicts += 1;
          throw toConflict(args.input, isTransaction);
        }
        const token = isTransaction ? { ClientRequestToken: randomUUID() } : {};
        for (let left = ATTEMPTS; ; left -= 1) {
          try {
            if (random() < faults.throttle) {
              counts.throttles += 1;
              throw toFault('ThrottlingException');
            }
            const answer = await next({ ...args, input: { ...args.input, ...token } });
            if (random() >= faults.lostReply) return answer;
            counts.lostReplies += 1;
            throw toFault('TimeoutError');
          } catch (error) {
            if (left === 1 || !(error instanceof Error && TRIED_AGAIN.has(error.name))) throw error;
          }
        }
      },
    { step: 'initialize', name: 'lose' },
  );
  return { client, counts };
}

function toConflict(input: object, isTransaction: boolean): Error {
  const facts = { message: 'conflict', $metadata: {} };
  if (!isTransaction) return new TransactionConflictException(facts);
  const { TransactItems = [] } = input as TransactWriteItemsCommandInput;
  const CancellationReasons = TransactItems.map((_, at) => ({
    Code: at === 0 ? 'TransactionConflict' : 'None',
  }));
  return new TransactionCanceledException({ ...facts, CancellationReasons });
}

const toFault = (name: string): Error => Object.assign(new Error(name), { name, $metadata: {} });
