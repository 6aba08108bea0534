// From a use case's value to a response. The body is parsed by the contract's schema on its way out, so that a field
// which the contract doesn't know can't leak.
import { parse } from 'zod/v4/core';
import type { Contract } from './contract.ts';
import type { HttpResponse } from './problem.ts';

export function toResponse(contract: Contract, value: unknown, requestId: string): HttpResponse {
  const headers = { 'cache-control': 'no-store', 'x-request-id': requestId, ...contract.headers };
  if (contract.success === 303) {
    return { statusCode: 303, headers: { ...headers, location: String(value) }, body: '' };
  }
  if (contract.contentType !== undefined) {
    const contentType = { 'content-type': contract.contentType };
    const answer = { statusCode: contract.success, headers: { ...headers, ...contentType } };
    return value instanceof Uint8Array
      ? { ...answer, body: Buffer.from(value).toString('base64'), isBase64Encoded: true }
      : { ...answer, body: String(value) };
  }
  if (contract.response === undefined) return { statusCode: contract.success, headers, body: '' };
  const body = parse(contract.response, value);
  return {
    statusCode: contract.success,
    headers: { ...headers, 'content-type': 'application/json', ...toETag(body) },
    body: JSON.stringify(body),
  };
}

/** A thing with a version carries it as its ETag, which If-Match takes. */
function toETag(body: unknown): Record<string, string> {
  const version = (body as { version?: unknown } | null)?.version;
  return typeof version === 'number' ? { etag: `"${version}"` } : {};
}
