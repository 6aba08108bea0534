// Compares a response with its contract: nothing may be answered that the OpenAPI document does not promise.
import { expect } from 'vitest';
import * as z from 'zod/mini';
import { parse } from 'zod/v4/core';
import { REFUSAL_CODES } from '../../lib/domain/refusals.ts';
import type { Contract, ErrorBody, VendorErrors } from '../../lib/http/contract.ts';
import { toErrorCode } from '../../lib/http/error-bodies.ts';
import { toRefusalsByStatus } from '../../lib/http/contract-refusals.ts';
import type { HttpResponse } from '../../lib/http/problem.ts';
import { PROBLEM_TYPES, toProblemUri } from '../../lib/http/problem-types.ts';

const $Problem = z.strictObject({
  type: z.string(),
  code: z.enum(REFUSAL_CODES),
  title: z.string(),
  status: z.int(),
  detail: z.optional(z.string()),
  cause: z.optional(z.string()),
  instance: z.string().check(z.regex(/^urn:swapgate:request:.+$/)),
  errors: z.optional(z.array(z.strictObject({ pointer: z.string(), detail: z.string() }))),
});

/** Fails unless the response is the contract's success or one of the problems it may answer. */
export function expectContract(contract: Contract, response: HttpResponse): void {
  expect(response.headers['x-request-id'], 'x-request-id').toBeTruthy();
  if (response.statusCode === contract.success) expectSuccess(contract, response);
  else if (contract.vendorErrors !== undefined) {
    expectVendorError(contract, contract.vendorErrors, response);
  } else if (contract.errors === undefined) expectProblem(contract, response);
  else expectError(contract, contract.errors, response);
}

function expectSuccess(contract: Contract, { headers, body }: HttpResponse): void {
  if (contract.response === undefined) {
    expect(headers['content-type']).toBe(contract.contentType);
    if (contract.contentType === undefined) expect(body).toBe('');
    return;
  }
  expect(headers['content-type']).toBe('application/json');
  const answered: unknown = JSON.parse(body);
  // Equal, so that a field which the schema does not know counts as a fault.
  expect(parse(contract.response, answered)).toEqual(answered);
}

/** Nothing but what the protocol and our faults need. */
const ERROR_FIELDS = ['barcode', 'valid', 'swappable', 'message', 'errors', 'maxPrice', 'reason'];

function expectError(contract: Contract, errors: ErrorBody, response: HttpResponse): void {
  const { statusCode, headers, body } = response;
  expect(headers['content-type']).toBe('application/json');
  const error = JSON.parse(body) as Record<string, unknown>;
  const promised = toRefusalsByStatus(contract).get(statusCode) ?? [];
  expect(promised.map((code) => toErrorCode(errors, code))).toContain(error[errors.field]);
  const { [errors.field]: _code, ...rest } = error;
  for (const name of Object.keys(rest)) expect(ERROR_FIELDS).toContain(name);
}

function expectVendorError(
  contract: Contract,
  { properties, required }: VendorErrors,
  { statusCode, headers, body }: HttpResponse,
): void {
  expect(headers['content-type']).toBe('application/json');
  expect([...toRefusalsByStatus(contract).keys()]).toContain(statusCode);
  const error = JSON.parse(body) as Record<string, unknown>;
  expect(Object.keys(error)).toEqual(expect.arrayContaining([...required]));
  for (const [name, value] of Object.entries(error)) expect(typeof value).toBe(properties[name]);
}

function expectProblem(contract: Contract, { statusCode, headers, body }: HttpResponse): void {
  if (contract.toRefusalPage !== undefined) {
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
    expect([...toRefusalsByStatus(contract).keys()]).toContain(statusCode);
    return;
  }
  expect(headers['content-type']).toBe('application/problem+json');
  const problem = parse($Problem, JSON.parse(body));
  const promised = toRefusalsByStatus(contract).get(statusCode) ?? [];
  expect(promised, `${contract.operationId} with status ${statusCode}`).toContain(problem.code);
  expect(problem).toMatchObject({
    type: toProblemUri(problem.code),
    status: statusCode,
    title: PROBLEM_TYPES[problem.code].title,
  });
}
