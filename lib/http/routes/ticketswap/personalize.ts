// POST /ticketswap/personalize: what the new holder answered.
import * as z from 'zod';
import type { ContactStore } from '../../../app/contact-ports.ts';
import type { ResaleDeps } from '../../../app/swaps/load-resale.ts';
import { personalizeTicket } from '../../../app/swaps/personalize-ticket.ts';
import { CHOICES_MAX } from '../../../domain/swaps/personalization.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $SwapAnswer, $TicketId, BARCODE_ERRORS, TICKETSWAP, toSwapAnswer } from './bodies.ts';

const $Value = z.union([
  z.string(),
  z.number(),
  z.boolean(),
  z.array(z.string()).max(CHOICES_MAX),
  z.null(),
]);

const contract = {
  ...TICKETSWAP,
  operationId: 'ticketswapPersonalize',
  method: 'POST',
  path: '/ticketswap/personalize',
  summary: 'Keep what the new holder answered; with it the ticket has its PDF.',
  body: z.object({ ticket: $TicketId, fields: z.record(z.string(), $Value) }),
  success: 200,
  response: $SwapAnswer,
  refusals: ['not_found', 'personalization_not_allowed'],
  errors: BARCODE_ERRORS,
} as const satisfies Contract;

interface Deps extends ResaleDeps {
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
}

export const personalize = defineRoute(
  contract,
  async (deps: Deps, { actor, body, nowMs, origin }) => {
    const { organizationId } = actor;
    const request = { barcode: body.ticket.barcode, answers: body.fields };
    const done = await personalizeTicket(deps, { organizationId, ...request, nowMs });
    if (!done.ok) return done;
    const secret = await deps.contacts.loadSecret(organizationId);
    return ok(toSwapAnswer(done.value, { secret, origin }));
  },
);
