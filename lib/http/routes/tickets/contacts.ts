// GET /v1/contacts, GET and DELETE /v1/contacts/{contactId}, GET /v1/contacts/{contactId}/orders.
import * as z from 'zod';
import type { ContactReader, ContactStore } from '../../../app/contact-ports.ts';
import { requestErasure } from '../../../app/erase-contact.ts';
import { listContactOrderViews, type ViewDeps } from '../../../app/orders/order-view.ts';
import type { ErasureStore } from '../../../app/erasure-ports.ts';
import type { SuppressionStore } from '../../../app/mail-ports.ts';
import { type Contact, toContactId } from '../../../domain/contact.ts';
import { EMAIL } from '../../../domain/imports/rows.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $Order, toOrderBody } from '../orders/bodies.ts';
import { parsePage, toPageBody } from '../../pagination.ts';
import { $PageQuery } from '../../schemas.ts';

export interface ContactDeps {
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
  readonly contactReader: ContactReader;
  readonly suppressions: Pick<SuppressionStore, 'findSuppressed'>;
  readonly erasures: ErasureStore;
}

const POSITION = /^con_[0-9A-Z]{26}$/;
/** An order id as the list is sorted by it. */
const ORDER_POSITION = /^[0-9]{16}$/;
const $ContactId = z.string().regex(POSITION, 'must be the id of a contact');
const SHARED = { family: 'tickets', scope: 'organizer' } as const;

const $Contact = z
  .object({
    contactId: z.string(),
    email: z.string(),
    name: z.string().exactOptional(),
    createdAt: z.string(),
    suppressed: z
      .literal(true)
      .exactOptional()
      .describe('The address bounced or complained, and gets no more mail.'),
  })
  .meta({ id: 'Contact' });

async function toBodies(
  { suppressions }: ContactDeps,
  organizationId: string,
  contacts: readonly Contact[],
) {
  const contactIds = contacts.map(({ contactId }) => contactId);
  const suppressed = await suppressions.findSuppressed(organizationId, contactIds);
  return contacts.map(({ createdAtMs, ...contact }) => ({
    ...contact,
    createdAt: new Date(createdAtMs).toISOString(),
    ...(suppressed.has(contact.contactId) ? { suppressed: true as const } : {}),
  }));
}

const listContract = {
  ...SHARED,
  operationId: 'listContacts',
  method: 'GET',
  path: '/v1/contacts',
  summary:
    'List the contacts of the organization, or the one with an e-mail address. A page may be short and still have a next one.',
  query: z.strictObject({
    ...$PageQuery.shape,
    email: z.string().regex(EMAIL, 'must be an e-mail address').optional(),
  }),
  success: 200,
  response: z.object({ items: z.array($Contact), nextCursor: z.string().optional() }),
  refusals: [],
} as const satisfies Contract;

const listContacts = defineRoute(listContract, async (deps: ContactDeps, { actor, query }) => {
  const { organizationId } = actor;
  const page = parsePage(query, POSITION);
  if (!page.ok) return page;
  if (query.email !== undefined) {
    const contactId = toContactId(query.email, await deps.contacts.loadSecret(organizationId));
    const found = await deps.contactReader.find(organizationId, contactId);
    return ok({ items: await toBodies(deps, organizationId, found === undefined ? [] : [found]) });
  }
  const { items, ...rest } = await deps.contactReader.list(organizationId, page.value);
  const bodies = await toBodies(deps, organizationId, items);
  return ok(toPageBody({ ...rest, items: bodies }, (body) => body));
});

const getContract = {
  ...SHARED,
  operationId: 'getContact',
  method: 'GET',
  path: '/v1/contacts/{contactId}',
  summary: 'Read a contact.',
  params: z.strictObject({ contactId: $ContactId }),
  success: 200,
  response: $Contact,
  refusals: ['not_found'],
} as const satisfies Contract;

const getContact = defineRoute(getContract, async (deps: ContactDeps, { actor, params }) => {
  const { organizationId } = actor;
  const found = await deps.contactReader.find(organizationId, params.contactId);
  const [body] = await toBodies(deps, organizationId, found === undefined ? [] : [found]);
  return body === undefined ? refuse('not_found') : ok(body);
});

const eraseContract = {
  ...SHARED,
  operationId: 'eraseContact',
  method: 'DELETE',
  path: '/v1/contacts/{contactId}',
  summary:
    'Erase a person: gone from every answer at once, and from everything that is stored within the hour. Asked again it tells how far that is.',
  params: z.strictObject({ contactId: $ContactId }),
  success: 202,
  response: z
    .object({ contactId: z.string(), erasedAt: z.string(), completed: z.boolean() })
    .meta({ id: 'Erasure' }),
  refusals: ['not_found'],
} as const satisfies Contract;

const eraseContact = defineRoute(
  eraseContract,
  async (deps: ContactDeps, { actor, params, nowMs }) => {
    const ids = { organizationId: actor.organizationId, contactId: params.contactId };
    const erasure = await requestErasure(deps, { ids, nowMs });
    if (!erasure.ok) return erasure;
    const { contactId, erasedAtMs, completed } = erasure.value;
    return ok({ contactId, erasedAt: new Date(erasedAtMs).toISOString(), completed });
  },
);

const ordersContract = {
  ...SHARED,
  operationId: 'listContactOrders',
  method: 'GET',
  path: '/v1/contacts/{contactId}/orders',
  summary:
    'List what a contact bought, by order id, imported orders too. A page may be short and still have a next one.',
  params: z.strictObject({ contactId: $ContactId }),
  query: $PageQuery,
  success: 200,
  response: z.object({ items: z.array($Order), nextCursor: z.string().optional() }),
  refusals: ['not_found'],
} as const satisfies Contract;

const listOrders = defineRoute(
  ordersContract,
  async (deps: ContactDeps & ViewDeps, { actor, params, query }) => {
    const page = parsePage(query, ORDER_POSITION);
    if (!page.ok) return page;
    const ids = { organizationId: actor.organizationId, contactId: params.contactId };
    const found = await deps.contactReader.find(ids.organizationId, ids.contactId);
    if (found === undefined) return refuse('not_found');
    return ok(toPageBody(await listContactOrderViews(deps, ids, page.value), toOrderBody));
  },
);

export const contactRoutes = [listContacts, getContact, eraseContact, listOrders];
