// Answers kept for Idempotency-Key. The answer is encrypted under the caller's own key, so that the table never holds
// a secret (a new key's text) or personal data in clear; only the same caller can have it replayed.
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { Idempotency, IdempotencyClaim, StoredResponse } from '../app/ports.ts';
import { openSealed, seal } from './seal.ts';
import { idempotencyKey } from './keys.ts';
import type { TableAccess } from './table-access.ts';

/** Product.md section 11. */
const KEPT_MS = 24 * 3_600_000;
/** A request that runs longer than any function may (30 s at API Gateway) is dead and may be taken over. */
const IN_FLIGHT_MS = 60_000;

export function createIdempotencyStore({ client, tableName: TableName }: TableAccess): Idempotency {
  const toKey = (claim: IdempotencyClaim) => idempotencyKey(claim, claim.digest);
  return {
    async begin(claim, nowMs) {
      const Item = {
        ...toKey(claim),
        kind: 'idempotency',
        fingerprint: claim.fingerprint,
        claimant: claim.requestId,
        startedAtMs: nowMs,
        ttl: Math.ceil((nowMs + KEPT_MS) / 1000),
      };
      try {
        await client.send(
          new PutCommand({
            TableName,
            Item,
            ConditionExpression:
              'attribute_not_exists(pk) OR claimant = :claimant OR startedAtMs < :forgotten' +
              ' OR (attribute_not_exists(sealed) AND fingerprint = :fingerprint AND startedAtMs < :dead)',
            ExpressionAttributeValues: {
              ':forgotten': nowMs - KEPT_MS,
              ':dead': nowMs - IN_FLIGHT_MS,
              ':fingerprint': claim.fingerprint,
              ':claimant': claim.requestId,
            },
            ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
          }),
        );
        return { as: 'fresh' };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        return explain(claim, error.Item);
      }
    },
    async finish(claim, response) {
      await client.send(
        new UpdateCommand({
          TableName,
          Key: toKey(claim),
          UpdateExpression: 'SET sealed = :sealed',
          ExpressionAttributeValues: { ':sealed': seal(JSON.stringify(response), claim.secret) },
        }),
      );
    },
    async abandon(claim) {
      await client.send(new DeleteCommand({ TableName, Key: toKey(claim) }));
    },
  };
}

function explain(claim: IdempotencyClaim, item: ConditionalCheckFailedException['Item']) {
  if (item?.['fingerprint']?.S !== claim.fingerprint) return { as: 'mismatch' } as const;
  const sealed = item['sealed']?.S;
  if (sealed === undefined) return { as: 'in_flight' } as const;
  const answer = openSealed(sealed, claim.secret);
  return answer === undefined
    ? ({ as: 'mismatch' } as const)
    : ({ as: 'replay', response: JSON.parse(answer) as StoredResponse } as const);
}
