// Idempotency-Key on writing routes (IETF draft, product.md section 11): the answer of the first request is kept for
// 24 hours and given again. Refusals that a repeat may overcome (429, 5xx) are not kept.
import { createHash } from 'node:crypto';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Idempotency, IdempotencyClaim, Logger } from '../app/ports.ts';
import type { Actor } from '../domain/access.ts';
import { type Contract, toRouteKey } from './contract.ts';
import { type HttpResponse, toRefusal } from './problem.ts';

const KEY_CHARACTERS_MAX = 255;
const IN_FLIGHT_RETRY_SECONDS = 1;

export interface IdempotentInput {
  readonly contract: Contract;
  readonly event: APIGatewayProxyEventV2;
  readonly actor: Actor | undefined;
  readonly nowMs: number;
  readonly idempotency: Idempotency | undefined;
  readonly logger: Logger;
}

export async function idempotent(
  input: IdempotentInput,
  run: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const { contract, event, actor, nowMs, idempotency } = input;
  const header = event.headers['idempotency-key'];
  if (
    header === undefined ||
    idempotency === undefined ||
    actor === undefined ||
    contract.method === 'GET' ||
    contract.idempotency === 'own'
  ) {
    return run();
  }
  const { requestId } = event.requestContext;
  if (header === '' || header.length > KEY_CHARACTERS_MAX) {
    const errors = [
      { pointer: '/headers/idempotency-key', detail: 'must have 1 to 255 characters' },
    ];
    return toRefusal(contract, { code: 'validation_failed', errors }, requestId);
  }
  const claim = toClaim(contract, event, actor, header);
  const begun = await idempotency.begin(claim, nowMs);
  if (begun.as === 'replay')
    return { ...begun.response, headers: { ...begun.response.headers, 'x-request-id': requestId } };
  if (begun.as === 'mismatch') {
    return toRefusal(contract, { code: 'idempotency_mismatch' }, requestId);
  }
  if (begun.as === 'in_flight') {
    const retry = { retryAfterSeconds: IN_FLIGHT_RETRY_SECONDS };
    return toRefusal(contract, { code: 'idempotency_in_flight', ...retry }, requestId);
  }
  const response = await runOrAbandon(idempotency, claim, run);
  try {
    if (isFinal(response.statusCode)) await idempotency.finish(claim, response, nowMs);
    else await idempotency.abandon(claim);
  } catch (error) {
    // The request has had its effect: its answer counts, and giving the claim up would let a repeat do it again.
    input.logger.error('answer not kept', { requestId, route: toRouteKey(contract), error });
  }
  return response;
}

/** Whoever stores it with a change finds the change again, also when the answer of the first request got lost. */
export function toRequestKey(
  contract: Contract,
  event: APIGatewayProxyEventV2,
  actor: Actor | undefined,
): string | undefined {
  const header = event.headers['idempotency-key'];
  if (header === undefined || actor === undefined) return undefined;
  return toDigest(actor.keyId, toRouteKey(contract), event.rawPath, header);
}

const toDigest = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

async function runOrAbandon(
  idempotency: Idempotency,
  claim: IdempotencyClaim,
  run: () => Promise<HttpResponse>,
): Promise<HttpResponse> {
  try {
    return await run();
  } catch (error) {
    await idempotency.abandon(claim);
    throw error;
  }
}

const isFinal = (status: number): boolean => status < 500 && status !== 429;

function toClaim(
  contract: Contract,
  event: APIGatewayProxyEventV2,
  actor: Actor,
  header: string,
): IdempotencyClaim {
  return {
    organizationId: actor.organizationId,
    keyId: actor.keyId,
    digest: toDigest(toRouteKey(contract), header),
    fingerprint: toDigest(
      event.rawPath,
      event.rawQueryString,
      event.headers['if-match'] ?? '',
      event.body ?? '',
    ),
    secret: `${toKeyText(event)}\n${header}`,
    requestId: event.requestContext.requestId,
  };
}

/** The key without its scheme, which may be written in several ways. */
const toKeyText = (event: APIGatewayProxyEventV2): string =>
  /\S+$/.exec(event.headers['authorization'] ?? '')?.[0] ?? '';
