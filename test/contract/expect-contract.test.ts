import * as z from 'zod/mini';
import { describe, expect, it } from 'vitest';
import type { Contract } from '../../lib/http/contract.ts';
import { toProblem } from '../../lib/http/problem.ts';
import { toResponse } from '../../lib/http/respond.ts';
import { expectContract } from '../support/contract.ts';

const contract: Contract = {
  operationId: 'readSeat',
  method: 'GET',
  path: '/v1/seats/{seatId}',
  family: 'organizers',
  scope: 'organizer',
  summary: 'Read a seat.',
  params: z.strictObject({ seatId: z.string() }),
  success: 200,
  response: z.object({ seatId: z.string() }),
  refusals: ['not_found'],
};
const text: Contract = { ...contract, contentType: 'text/csv' };
delete (text as { response?: unknown }).response;

describe('the comparison of a response with its contract', () => {
  const response = toResponse(contract, { seatId: 'a' }, 'r1');
  const check = (changed: Partial<typeof response>) => () =>
    expectContract(contract, { ...response, ...changed });

  it('accepts what the pipeline answers', () => {
    expect(check({})).not.toThrow();
    expect(() => expectContract(text, toResponse(text, 'a;b', 'r1'))).not.toThrow();
    for (const code of ['not_found', 'unauthorized', 'rate_limited', 'unavailable'] as const) {
      expect(() => expectContract(contract, toProblem({ code }, 'r1'))).not.toThrow();
    }
  });
  it('refuses a field that the schema does not know', () =>
    expect(check({ body: '{"seatId":"a","secret":1}' })).toThrow('to deeply equal'));
  it('refuses a body that lacks a field', () =>
    expect(check({ body: '{}' })).toThrow('invalid_type'));
  it('refuses a status that is not promised', () =>
    expect(check({ statusCode: 201 })).toThrow('application/problem+json'));
  it('refuses an answer without a request id', () =>
    expect(check({ headers: { 'content-type': 'application/json' } })).toThrow('x-request-id'));
  it('refuses a code that is not promised', () =>
    expect(() => expectContract(contract, toProblem({ code: 'sold_out' }, 'r1'))).toThrow(
      'readSeat with status 409',
    ));
  it('refuses a problem with more in it than a problem has', () => {
    const problem = toProblem({ code: 'not_found' }, 'r1');
    const body = JSON.stringify({ ...JSON.parse(problem.body), stack: 'at lib' });
    expect(() => expectContract(contract, { ...problem, body })).toThrow('stack');
  });
});
