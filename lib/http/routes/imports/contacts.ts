// GET /v1/imports/{importId}/contacts: the buyers of an import's tickets.
import * as z from 'zod';
import type { ContactStore } from '../../../app/contact-ports.ts';
import type { ImportRowReader, ImportStore } from '../../../app/import-ports.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { toPageBody } from '../../pagination.ts';
import { $NumericId, $PageQuery } from '../../schemas.ts';
import { $ImportId } from './bodies.ts';
import { parseRange, toNext } from './row-range.ts';

interface Deps {
  readonly imports: ImportStore;
  readonly rows: ImportRowReader;
  readonly contacts: Pick<ContactStore, 'findAll'>;
}

const contract = {
  operationId: 'listImportContacts',
  method: 'GET',
  path: '/v1/imports/{importId}/contacts',
  family: 'imports',
  scope: 'organizer',
  summary:
    'List the buyers of an import in file order; `created` tells those that it made. A page may be short and still have a next one.',
  params: z.strictObject({ importId: $ImportId }),
  query: $PageQuery,
  success: 200,
  response: z.object({
    items: z.array(
      z
        .object({
          contactId: z.string(),
          email: z.string(),
          name: z.string().exactOptional(),
          created: z.boolean(),
          orderId: $NumericId,
          createdAt: z.string(),
        })
        .meta({ id: 'ImportContact' }),
    ),
    nextCursor: z.string().optional(),
  }),
  refusals: ['not_found'],
} as const satisfies Contract;

const getContacts = defineRoute(contract, async (deps: Deps, { actor, params, query }) => {
  const range = parseRange(query);
  if (!range.ok) return range;
  const { organizationId } = actor;
  const found = await deps.imports.find({ ...params, organizationId });
  if (found === undefined) return refuse('not_found');
  const { tickets, nextRow } = await deps.rows.listTickets(found, range.value);
  // A buyer stands at the first ticket of the order.
  const buyers = tickets.flatMap(({ contactId, orderId, eventTicketId }) =>
    contactId !== undefined && orderId === eventTicketId ? [{ contactId, orderId }] : [],
  );
  const contacts = await deps.contacts.findAll(
    organizationId,
    buyers.map(({ contactId }) => contactId),
  );
  const items = buyers.flatMap(({ contactId, orderId }) => {
    const contact = contacts.get(contactId);
    return contact === undefined ? [] : [{ contact, orderId }];
  });
  return ok(
    toPageBody({ items, ...toNext(nextRow) }, ({ contact, orderId }) => ({
      ...contact,
      created: contact.madeBy.source === params.importId,
      orderId,
      createdAt: new Date(contact.createdAtMs).toISOString(),
    })),
  );
});

export const contactRoutes = [getContacts];
