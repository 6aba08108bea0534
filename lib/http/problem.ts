// RFC 9457 bodies: a refusal becomes application/problem+json, and nothing internal gets into it.
import type { Refusal } from '../domain/refusals.ts';
import type { Contract } from './contract.ts';
import { toStatus } from './contract-refusals.ts';
import { toErrorBody } from './error-bodies.ts';
import { PROBLEM_TYPES, toProblemUri } from './problem-types.ts';

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The body is bytes, written as base64. */
  readonly isBase64Encoded?: true;
}

const PAGE_TYPE = 'text/html; charset=utf-8';

/** In the form that the contract has for refusals. */
export function toRefusal(
  contract: Pick<Contract, 'errors' | 'vendorErrors' | 'toRefusalPage' | 'headers'>,
  refusal: Refusal,
  requestId: string,
): HttpResponse {
  const { errors, vendorErrors, toRefusalPage, headers } = contract;
  if (toRefusalPage !== undefined) {
    return {
      statusCode: PROBLEM_TYPES[refusal.code].status,
      headers: { ...toHeaders(refusal, requestId), 'content-type': PAGE_TYPE, ...headers },
      body: toRefusalPage(refusal),
    };
  }
  if (errors === undefined && vendorErrors === undefined) return toProblem(refusal, requestId);
  const body = errors === undefined ? vendorErrors?.toBody(refusal) : toErrorBody(errors, refusal);
  return {
    statusCode: toStatus(contract, refusal.code),
    headers: { ...toHeaders(refusal, requestId), 'content-type': 'application/json' },
    body: JSON.stringify(body),
  };
}

const toHeaders = (refusal: Refusal, requestId: string): Record<string, string> => ({
  'cache-control': 'no-store',
  'x-request-id': requestId,
  ...(refusal.code === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {}),
  ...(refusal.retryAfterSeconds === undefined
    ? {}
    : { 'retry-after': String(refusal.retryAfterSeconds) }),
});

export function toProblem(refusal: Refusal, requestId: string): HttpResponse {
  const { status, title } = PROBLEM_TYPES[refusal.code];
  return {
    statusCode: status,
    headers: { ...toHeaders(refusal, requestId), 'content-type': 'application/problem+json' },
    body: JSON.stringify({
      type: toProblemUri(refusal.code),
      code: refusal.code,
      title,
      status,
      ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
      ...(refusal.cause === undefined ? {} : { cause: refusal.cause }),
      instance: `urn:swapgate:request:${requestId}`,
      ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
    }),
  };
}
