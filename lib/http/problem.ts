// RFC 9457 bodies: a refusal becomes application/problem+json, and nothing internal gets into it.
import type { Refusal } from '../domain/refusals.ts';
import type { Contract } from './contract.ts';
import { PROBLEM_TYPES, toProblemUri } from './problem-types.ts';

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** As the contract refuses: a problem, or a page for people. */
export function toRefusal(contract: Contract, refusal: Refusal, requestId: string): HttpResponse {
  const problem = toProblem(refusal, requestId);
  const { toRefusalPage, headers } = contract;
  if (toRefusalPage === undefined) return problem;
  return {
    ...problem,
    headers: { ...problem.headers, ...headers, 'content-type': 'text/html; charset=utf-8' },
    body: toRefusalPage(refusal),
  };
}

export function toProblem(refusal: Refusal, requestId: string): HttpResponse {
  const { status, title } = PROBLEM_TYPES[refusal.code];
  return {
    statusCode: status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      'x-request-id': requestId,
      ...(refusal.code === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {}),
      ...(refusal.retryAfterSeconds === undefined
        ? {}
        : { 'retry-after': String(refusal.retryAfterSeconds) }),
    },
    body: JSON.stringify({
      type: toProblemUri(refusal.code),
      code: refusal.code,
      title,
      status,
      ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
      instance: `urn:swapgate:request:${requestId}`,
      ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
    }),
  };
}
