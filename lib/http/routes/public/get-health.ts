import * as z from 'zod/mini';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';

const contract = {
  operationId: 'getHealth',
  method: 'GET',
  path: '/v1/health',
  family: 'public',
  scope: 'public',
  summary: 'Tell that the API answers. Needs no key.',
  success: 200,
  response: z.strictObject({ status: z.literal('ok') }),
  refusals: [],
} as const satisfies Contract;

export const getHealth = defineRoute(contract, async () => ok({ status: 'ok' as const }));
