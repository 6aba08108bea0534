// What every route's contract must keep to, so that API Gateway, OpenAPI and the pipeline can rely on it.
import type { $ZodObject } from 'zod/v4/core';
import { describe, expect, it } from 'vitest';
import { type Contract, toRouteKey } from '../../lib/http/contract.ts';
import { CONTRACTS } from '../../lib/http/contracts.ts';
import { PROBLEM_TYPES } from '../../lib/http/problem-types.ts';

const byName = CONTRACTS.map((contract) => [contract.operationId, contract] as const);
const toFields = (schema: Contract['params']): string[] =>
  schema === undefined ? [] : Object.keys((schema as $ZodObject)._zod.def.shape).toSorted();

describe('the contracts together', () => {
  it('have operation ids of their own', () => {
    const ids = CONTRACTS.map((contract) => contract.operationId);
    expect(ids).toEqual([...new Set(ids)]);
  });
  it('have routes of their own', () => {
    // `{id}` and `{eventId}` at the same place are one route to API Gateway.
    const routes = CONTRACTS.map((one) => toRouteKey(one).replaceAll(/\{[^}]+\}/g, '{}'));
    expect(routes).toEqual([...new Set(routes)]);
  });
});

describe.each(byName)('%s', (operationId, contract) => {
  it('has an operation id and a summary that read well', () => {
    expect(operationId).toMatch(/^[a-z][A-Za-z0-9]+$/);
    expect(contract.summary).toMatch(/^[A-Z].*\.$/s);
  });
  it('describes exactly the parameters of its path', () => {
    const inPath = [...contract.path.matchAll(/\{([^}]+)\}/g)].map(([, name = '']) => name);
    expect(toFields(contract.params)).toEqual(inPath.toSorted());
  });
  it('has an answer exactly when its status has one', () => {
    const answers = [contract.response, contract.contentType].filter((one) => one !== undefined);
    expect(answers).toHaveLength([204, 303].includes(contract.success) ? 0 : 1);
  });
  it('takes a body only when it writes', () =>
    expect(contract.method === 'GET' && contract.body !== undefined).toBe(false));
  it('names refusals once, and only such as exist', () => {
    expect(contract.refusals).toEqual([...new Set(contract.refusals)]);
    for (const code of contract.refusals) expect(PROBLEM_TYPES).toHaveProperty(code);
  });
});
