// A client that meets what a real table sometimes answers: conflicts, throttling, and replies that get lost after the
// write was done. Seeded, so that a run can be repeated.
import { randomUUID } from 'node:crypto';
import {
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { testAwsConfig } from './aws.ts';
import { createLeanClient } from './lean-client.ts';

export interface Faults {
  readonly conflict: number;
  readonly throttle: number;
  readonly lostReply: number;
}

const ATTEMPTS_MAX = 6;

/** Numbers from 0 to 1; the same for the same seed. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** `isLean` for the thousands of a campaign: what fails is sent again at once, where the SDK waits first. */
export function createFaultyClient(faults: Faults, seed: number, isLean = false) {
  const random = createRandom(seed);
  const counts = { conflicts: 0, throttles: 0, lostReplies: 0 };
  const client = isLean
    ? createLeanClient()
    : new DynamoDBClient({
        ...testAwsConfig(inject('dynamoDbEndpoint')),
        maxAttempts: ATTEMPTS_MAX,
      });
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (random() < faults.conflict) {
          counts.conflicts += 1;
          throw toConflict(commandName);
        }
        return next(args);
      },
    { step: 'initialize', name: 'conflict' },
  );
  const lose =
    <I, O>(next: (args: I) => Promise<O>) =>
    async (args: I): Promise<O> => {
      if (random() < faults.throttle) {
        counts.throttles += 1;
        throw toFault('ThrottlingException');
      }
      const answer = await next(args);
      if (random() >= faults.lostReply) return answer;
      counts.lostReplies += 1;
      throw toFault('TimeoutError');
    };
  // Below the retries, which send again.
  if (isLean) {
    sendAgain(client);
    client.middlewareStack.add(lose, { step: 'initialize', name: 'lose' });
  } else {
    const below = { step: 'finalizeRequest', name: 'lose', priority: 'low' } as const;
    client.middlewareStack.add(lose, below);
  }
  return { client, counts };
}

/** As the table has it: of a transaction it is one of the reasons for which it was canceled. */
function toConflict(commandName = ''): Error {
  const facts = { message: 'conflict', $metadata: {} };
  return commandName === 'TransactWriteItemsCommand'
    ? new TransactionCanceledException({
        ...facts,
        CancellationReasons: [{ Code: 'TransactionConflict' }],
      })
    : new TransactionConflictException(facts);
}

const toFault = (name: string): Error => Object.assign(new Error(name), { name, $metadata: {} });
const isFault = (error: unknown): boolean =>
  error instanceof Error && ['ThrottlingException', 'TimeoutError'].includes(error.name);

/** What the SDK does below a call: the same attempts, those of a transaction with one token. */
function sendAgain(client: DynamoDBClient): void {
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const isTransaction = commandName === 'TransactWriteItemsCommand';
        const input = isTransaction
          ? { ClientRequestToken: randomUUID(), ...args.input }
          : args.input;
        for (let attempts = 1; ; attempts += 1) {
          try {
            return await next({ ...args, input });
          } catch (error) {
            if (!isFault(error) || attempts === ATTEMPTS_MAX) throw error;
          }
        }
      },
    { step: 'initialize', name: 'again' },
  );
}
