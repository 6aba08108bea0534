// The single importer, deletion of an imported ticket, and the example CSV.
import * as z from 'zod';
import {
  deleteTicket,
  importTicket,
  type ImportTicketDeps,
} from '../../../app/imports/imported-tickets.ts';
import type { ImportedTicketStore } from '../../../app/import-ports.ts';
import type { TicketStore } from '../../../app/ticket-ports.ts';
import { EMAIL } from '../../../domain/imports/rows.ts';
import { TEMPLATE_CSV } from '../../../domain/imports/template.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId, $NumericId, $NumericIdText } from '../../schemas.ts';
import { $Ticket, toTicketBody } from '../tickets/ticket-body.ts';

const SHARED = { family: 'imports', scope: 'organizer' } as const;
const NAME_CHARACTERS_MAX = 200;
/** Above the longest barcode, so that a long one is told as too long. */
const TEXT_CHARACTERS_MAX = 1_000;

const postContract = {
  ...SHARED,
  operationId: 'importTicket',
  method: 'POST',
  path: '/v1/events/{eventId}/tickets/import',
  summary: 'Import one ticket by its barcode.',
  params: z.strictObject({ eventId: $ClientId }),
  body: z.strictObject({
    barcode: z.string().max(TEXT_CHARACTERS_MAX),
    ticketTypeId: z.optional($NumericId),
    holder: z
      .strictObject({
        name: z.string().max(NAME_CHARACTERS_MAX).optional(),
        email: z.string().regex(EMAIL, 'must be an e-mail address').optional(),
      })
      .optional(),
    createWhenSoldOut: z.boolean(),
  }),
  success: 201,
  response: $Ticket,
  refusals: ['not_found', 'barcode_exists', 'sold_out'],
} as const satisfies Contract;

const postTicket = defineRoute(
  postContract,
  async (deps: ImportTicketDeps, { actor, params, body, nowMs }) => {
    const { barcode, ticketTypeId, holder, createWhenSoldOut } = body;
    const imported = await importTicket(deps, {
      organizationId: actor.organizationId,
      eventId: params.eventId,
      nowMs,
      wanted: { barcode, ticketTypeId, holder, createWhenSoldOut },
    });
    return imported.ok
      ? ok(toTicketBody(imported.value.ticket, imported.value.currency))
      : imported;
  },
);

const deleteContract = {
  ...SHARED,
  operationId: 'deleteTicket',
  method: 'DELETE',
  path: '/v1/tickets/{eventTicketId}',
  summary: 'Delete an imported ticket that was never admitted; its barcode is free again.',
  params: z.strictObject({ eventTicketId: $NumericIdText }),
  success: 204,
  refusals: ['not_found', 'not_deletable'],
} as const satisfies Contract;

const removeTicket = defineRoute(
  deleteContract,
  async (
    deps: { readonly tickets: TicketStore; readonly importedTickets: ImportedTicketStore },
    { actor, params, nowMs },
  ) =>
    deleteTicket(deps, {
      organizationId: actor.organizationId,
      eventTicketId: params.eventTicketId,
      nowMs,
    }),
);

const templateContract = {
  ...SHARED,
  operationId: 'getImportTemplate',
  method: 'GET',
  path: '/v1/import-template.csv',
  summary: 'Download the example CSV.',
  success: 200,
  contentType: 'text/csv; charset=utf-8',
  refusals: [],
} as const satisfies Contract;

const getTemplate = defineRoute(templateContract, async () => ok(TEMPLATE_CSV));

export const importedTicketRoutes = [postTicket, removeTicket, getTemplate];
