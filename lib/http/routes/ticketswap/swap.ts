// POST /ticketswap/swap: the seller's barcode is retired, the buyer gets one.
import * as z from 'zod';
import { type SwapDeps, swapTicket } from '../../../app/swaps/swap-ticket.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $SwapAnswer, $TicketId, BARCODE_ERRORS, TICKETSWAP, toSwapAnswer } from './bodies.ts';

const NAME_CHARACTERS_MAX = 200;
const $Name = z.string().trim().max(NAME_CHARACTERS_MAX).exactOptional();
/** The longest address that mail knows (RFC 5321). */
const EMAIL_CHARACTERS_MAX = 254;

/** The spelling of names differs between the systems that TicketSwap calls; all of them are understood. */
const $Customer = z
  .object({
    firstName: $Name,
    lastName: $Name,
    firstname: $Name,
    lastname: $Name,
    name: $Name,
    email: z.string().trim().pipe(z.email().max(EMAIL_CHARACTERS_MAX)),
  })
  .transform(({ email, name, ...names }) => {
    const firstName = names.firstName ?? names.firstname;
    const lastName = names.lastName ?? names.lastname ?? name;
    return {
      email,
      ...(firstName === undefined ? {} : { firstName }),
      ...(lastName === undefined ? {} : { lastName }),
    };
  })
  .refine(({ firstName = '', lastName = '' }) => firstName + lastName !== '', {
    path: ['firstName'],
    message: 'must be there, or lastName',
  });

const contract = {
  ...TICKETSWAP,
  operationId: 'ticketswapSwap',
  method: 'POST',
  path: '/ticketswap/swap',
  summary: "Retire a ticket's barcode and give its buyer a ticket with a new one.",
  body: z.object({
    ticket: $TicketId.extend({
      price: z.union([z.string(), z.number()]).exactOptional(),
      currency: z.string().exactOptional(),
    }),
    currency: z.string().exactOptional(),
    customer: $Customer,
  }),
  success: 201,
  response: $SwapAnswer,
  refusals: [
    'not_found',
    'ticket_already_swapped',
    'ticket_already_scanned',
    'order_cancelled',
    'resell_not_allowed',
  ],
  errors: BARCODE_ERRORS,
} as const satisfies Contract;

export const swap = defineRoute(contract, async (deps: SwapDeps, request) => {
  const { actor, body, nowMs, origin } = request;
  const { organizationId, keyId: by } = actor;
  const { barcode, price, currency = body.currency } = body.ticket;
  const asked = { organizationId, barcode, price, currency, buyer: body.customer, by, nowMs };
  const swapped = await swapTicket(deps, asked);
  if (!swapped.ok) return swapped;
  const secret = await deps.contacts.loadSecret(organizationId);
  return ok(toSwapAnswer(swapped.value, { secret, origin }));
});
