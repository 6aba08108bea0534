// GET /v1/contacts and GET /v1/contacts/{contactId}.
import * as z from 'zod';
import type { ContactReader, ContactStore } from '../../../app/contact-ports.ts';
import { type Contact, toContactId } from '../../../domain/contact.ts';
import { EMAIL } from '../../../domain/imports/rows.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { parsePage, toPageBody } from '../../pagination.ts';
import { $PageQuery } from '../../schemas.ts';

export interface ContactDeps {
  readonly contacts: Pick<ContactStore, 'loadSecret'>;
  readonly contactReader: ContactReader;
}

const POSITION = /^con_[0-9A-Z]{26}$/;
const $ContactId = z.string().regex(POSITION, 'must be the id of a contact');
const SHARED = { family: 'tickets', scope: 'organizer' } as const;

const $Contact = z
  .object({
    contactId: z.string(),
    email: z.string(),
    name: z.string().exactOptional(),
    createdAt: z.string(),
  })
  .meta({ id: 'Contact' });

const toBody = ({ createdAtMs, ...contact }: Contact) => ({
  ...contact,
  createdAt: new Date(createdAtMs).toISOString(),
});

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
    return ok({ items: found === undefined ? [] : [toBody(found)] });
  }
  return ok(toPageBody(await deps.contactReader.list(organizationId, page.value), toBody));
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
  const found = await deps.contactReader.find(actor.organizationId, params.contactId);
  return found === undefined ? refuse('not_found') : ok(toBody(found));
});

export const contactRoutes = [listContacts, getContact];
