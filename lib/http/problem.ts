// RFC 9457 bodies: a refusal becomes application/problem+json, and nothing internal gets into it.
import type { Refusal } from '../domain/refusals.ts';
import { PROBLEM_TYPES, toProblemUri } from './problem-types.ts';

export interface HttpResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
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
      ...(refusal.cause === undefined ? {} : { cause: refusal.cause }),
      instance: `urn:swapgate:request:${requestId}`,
      ...(refusal.errors === undefined ? {} : { errors: refusal.errors }),
    }),
  };
}
