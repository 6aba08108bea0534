// Most of what a request reads is the same for thousands of them: a campaign reads it once.
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** From now on the items of these partitions must not be written. */
export function readOnce(client: DynamoDBClient, partitions: RegExp): void {
  const known = new Map<string, Promise<unknown>>();
  const isFixed = (text: string): boolean =>
    /^(Get|BatchGet|Query)/.test(text) &&
    [...text.matchAll(/"(?::)?pk":(?:\{"S":)?"([^"]+)"/g)].every(([, pk = '']) =>
      partitions.test(pk),
    );
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const text = commandName + JSON.stringify(args.input);
        if (!isFixed(text)) return next(args);
        const answer = known.get(text) ?? next(args);
        known.set(text, answer);
        // What failed is read again.
        answer.catch(() => known.delete(text));
        return answer as ReturnType<typeof next>;
      },
    // After what else may happen to a call, such as a fault, and before it is sent.
    { step: 'initialize', name: 'readOnce' },
  );
}
