import { expect } from 'vitest';
import { parse } from 'zod/v4/core';
import type { Contract } from '../../lib/http/contract.ts';
import type { HttpResponse } from '../../lib/http/problem.ts';

export function expectContract(contract: Contract, response: HttpResponse): void {
  if (response.statusCode === contract.success && contract.response !== undefined) {
    parse(contract.response, JSON.parse(response.body));
  }
  expect(response.headers['x-request-id']).toBeTruthy();
}
