// GET /ticketswap/validate: is the barcode good, may it be resold, what did it cost.
import * as z from 'zod';
import type { ContactStore } from '../../../app/contact-ports.ts';
import { loadResale, type ResaleDeps } from '../../../app/swaps/load-resale.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $Validation, BARCODE_ERRORS, TICKETSWAP, toPdfUrl, toValidation } from './bodies.ts';

const contract = {
  ...TICKETSWAP,
  operationId: 'ticketswapValidate',
  method: 'GET',
  path: '/ticketswap/validate',
  summary: 'Tell whether a barcode is valid and swappable, and the original price of its ticket.',
  query: z.object({ barcode: z.string().min(1) }),
  success: 200,
  response: $Validation,
  refusals: ['not_found'],
  errors: BARCODE_ERRORS,
} as const satisfies Contract;

interface Deps extends ResaleDeps {
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
}

export const validateForSwap = defineRoute(
  contract,
  async (deps: Deps, { actor, query, nowMs, origin }) => {
    const { organizationId } = actor;
    const { barcode } = query;
    const [view, secret] = await Promise.all([
      loadResale(deps, { organizationId, barcode }, nowMs),
      deps.contacts.loadSecret(organizationId),
    ]);
    if (view === undefined) return refuse('not_found', { facts: { barcode } });
    return ok(toValidation(view, toPdfUrl(view, { secret, origin })));
  },
);
