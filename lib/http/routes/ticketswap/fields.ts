// GET /ticketswap/personalization-fields/{barcode}: what the new holder of a ticket is asked.
import * as z from 'zod';
import { loadResale, type ResaleDeps } from '../../../app/swaps/load-resale.ts';
import { FIELD_TYPES, type PersonalizationField } from '../../../domain/swaps/personalization.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { BARCODE_ERRORS, TICKETSWAP } from './bodies.ts';

const contract = {
  ...TICKETSWAP,
  operationId: 'ticketswapFields',
  method: 'GET',
  path: '/ticketswap/personalization-fields/{barcode}',
  summary: 'Tell what the new holder of a ticket has to be asked.',
  params: z.strictObject({ barcode: z.string().min(1) }),
  success: 200,
  response: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      type: z.enum(FIELD_TYPES),
      helper_text: z.string().nullable(),
      is_required: z.boolean(),
      sort_order: z.int(),
      choices: z.array(z.string()).exactOptional(),
    }),
  ),
  refusals: ['not_found'],
  errors: BARCODE_ERRORS,
} as const satisfies Contract;

export const listFields = defineRoute(contract, async (deps: ResaleDeps, request) => {
  const { barcode } = request.params;
  const ids = { organizationId: request.actor.organizationId, barcode };
  const view = await loadResale(deps, ids, request.nowMs);
  if (view === undefined) return refuse('not_found', { facts: { barcode } });
  return ok((view.event.personalizationFields ?? []).map(toFieldBody));
});

const toFieldBody = (field: PersonalizationField, index: number) => ({
  name: field.name,
  label: field.label,
  type: field.type,
  helper_text: field.helperText ?? null,
  is_required: field.isRequired,
  sort_order: index,
  ...(field.choices === undefined ? {} : { choices: [...field.choices] }),
});
