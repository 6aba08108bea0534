// A process that dies at a chosen call to the table.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inject } from 'vitest';
import { testAwsConfig } from './aws.ts';

export type DeathMode = 'notSent' | 'answerLost';

/** A client whose call number `at` (from 1) fails: before it reached the table, or after, with its answer lost. */
export function createFailingClient(at: number, mode: DeathMode, client = createUnretried()) {
  let calls = 0;
  const underWay = new Set<Promise<unknown>>();
  client.middlewareStack.add(
    (next) => async (args) => {
      calls += 1;
      const isHit = calls === at;
      if (isHit && mode === 'notSent') throw new Error('killed before the call');
      const sent = next(args);
      underWay.add(sent);
      const answer = await sent.finally(() => underWay.delete(sent));
      if (isHit) throw new Error('killed after the call');
      return answer;
    },
    { step: 'initialize', priority: 'high' },
  );
  return {
    client,
    countCalls: () => calls,
    /** What was sent before the death has arrived. */
    settle: async () => {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}

const createUnretried = (): DynamoDBClient =>
  new DynamoDBClient({ ...testAwsConfig(inject('dynamoDbEndpoint')), maxAttempts: 1 });
