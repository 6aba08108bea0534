// GET and PATCH /v1/organization.
import * as z from 'zod';
import { findOrganization, updateOrganization } from '../../../app/manage-organization.ts';
import type { OrganizationStore } from '../../../app/organization-ports.ts';
import { CAP_BASES, LANGUAGES } from '../../../domain/organization.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $Email, $Name } from './bodies.ts';

const $Organization = z
  .object({
    organizationId: z.string(),
    name: z.string(),
    language: z.enum(LANGUAGES),
    email: z.string().optional(),
    secureSwap: z.object({ enabled: z.boolean(), capBasis: z.enum(CAP_BASES) }),
    createdAt: z.string(),
    version: z.int(),
  })
  .meta({ id: 'Organization' });

interface Deps {
  readonly organizations: OrganizationStore;
}

const getContract = {
  operationId: 'getOrganization',
  method: 'GET',
  path: '/v1/organization',
  family: 'organizers',
  scope: 'organizer',
  summary: "Read the organization's settings.",
  success: 200,
  response: $Organization,
  refusals: ['not_found'],
} as const satisfies Contract;

const getOrganization = defineRoute(getContract, ({ organizations }: Deps, { actor }) =>
  findOrganization(organizations, actor.organizationId),
);

const patchContract = {
  operationId: 'patchOrganization',
  method: 'PATCH',
  path: '/v1/organization',
  family: 'organizers',
  scope: 'organizer',
  summary: "Change the organization's settings.",
  body: z.strictObject({
    name: $Name.optional(),
    language: z.enum(LANGUAGES).optional(),
    email: $Email.nullable().optional(),
    secureSwap: z
      .strictObject({ enabled: z.boolean().optional(), capBasis: z.enum(CAP_BASES).optional() })
      .optional(),
  }),
  success: 200,
  response: $Organization,
  refusals: ['not_found', 'precondition_failed'],
} as const satisfies Contract;

const patchOrganization = defineRoute(patchContract, (deps: Deps, { actor, body, ifMatch }) =>
  updateOrganization(deps, { organizationId: actor.organizationId, ifMatch, change: body }),
);

export const organizationRoutes = [getOrganization, patchOrganization];
