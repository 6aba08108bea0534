// A client that meets what a real table sometimes answers: conflicts, throttling, and replies that get lost after the
// write was done. Seeded, so that a run can be repeated.
import { DynamoDBClient, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { testAwsConfig } from './aws.ts';

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

const toFault = (name: string): Error => Object.assign(new Error(name), { name, $metadata: {} });
