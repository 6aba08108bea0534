// GET /ticketswap/pdf/{token}: a ticket's PDF, for whoever has its address.
import * as z from 'zod';
import { type PrintDeps, printTicket } from '../../../app/swaps/print-ticket.ts';
import { type Contract, defineRoute } from '../../contract.ts';

/** An organization's id, a ticket's, and 43 characters of a hash. */
const TOKEN_CHARACTERS_MAX = 128;

const contract = {
  operationId: 'getTicketPdf',
  method: 'GET',
  path: '/ticketswap/pdf/{token}',
  family: 'pdfs',
  scope: 'public',
  summary: 'Get the PDF of a ticket. Its address is void after the next swap and the event.',
  params: z.strictObject({ token: z.string().max(TOKEN_CHARACTERS_MAX) }),
  success: 200,
  contentType: 'application/pdf',
  headers: { 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' },
  refusals: ['not_found'],
} as const satisfies Contract;

export const getPdf = defineRoute(contract, (deps: PrintDeps, { params, nowMs }) =>
  printTicket(deps, { token: params.token, nowMs }),
);
