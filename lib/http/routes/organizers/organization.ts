// GET and PATCH /v1/organization.
import * as z from 'zod';
import { findOrganization, updateOrganization } from '../../../app/manage-organization.ts';
import type { OrganizationStore } from '../../../app/organization-ports.ts';
import { FEE_BP_MAX, FEE_MODES } from '../../../domain/orders/fees.ts';
import { CAP_BASES, LANGUAGES } from '../../../domain/organization.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $Currency, $Email, $Name } from './bodies.ts';

/** A flat fee is some coins: below 10^9 minor units no sum with a price comes near what a number holds exactly. */
const FLAT_MINOR_MAX = 1_000_000_000;
/** Currencies in which an organization may name flat fees. */
const FEE_CURRENCIES_MAX = 50;
/** A page's worth of text. */
const INSTRUCTION_CHARACTERS_MAX = 2_000;
/** Line breaks and tabs may be in a text. */
const UNPRINTABLE = /(?![\n\r\t])\p{Cc}|\p{Surrogate}/u;
const $FlatMinor = z.int().min(0).max(FLAT_MINOR_MAX);
const $Bp = z.int().min(0).max(FEE_BP_MAX).meta({ description: 'Hundredths of a percent.' });
const FEES = {
  flats: z
    .record($Currency, z.strictObject({ platformMinor: $FlatMinor, cardMinor: $FlatMinor }))
    .refine((flats) => Object.keys(flats).length <= FEE_CURRENCIES_MAX, {
      message: `must have at most ${FEE_CURRENCIES_MAX} currencies`,
    }),
  platformBp: $Bp,
  cardBp: $Bp,
  internationalCardBp: $Bp.meta({ description: 'On top of cardBp, for cards from abroad.' }),
  mode: z.enum(FEE_MODES),
  cardFeeRefundable: z.boolean(),
};
const $Fees = z.object(FEES).meta({ id: 'Fees' });

const $Text = z
  .string()
  .trim()
  .min(1)
  .max(INSTRUCTION_CHARACTERS_MAX)
  .refine((text) => !UNPRINTABLE.test(text), 'must be text without control characters');
/** Both at once: a webhook is only read with the secret of the account that is charged. */
const $StripeKeys = z.strictObject({
  secretKey: z
    .string()
    .regex(/^[sr]k_[\w]{1,250}$/, 'must be a secret or restricted key of Stripe (sk_…, rk_…)'),
  webhookSecret: z
    .string()
    .regex(/^whsec_[\w+/=-]{1,250}$/, "must be a webhook's signing secret (whsec_…)"),
});

const $Organization = z
  .object({
    organizationId: z.string(),
    name: z.string(),
    language: z.enum(LANGUAGES),
    email: z.string().optional(),
    secureSwap: z.object({ enabled: z.boolean(), capBasis: z.enum(CAP_BASES) }),
    fees: $Fees.exactOptional(),
    paymentInstructions: z.string().exactOptional(),
    stripe: z.object({ configured: z.literal(true) }).exactOptional(),
    keepUnpaid: z.boolean().exactOptional(),
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
    fees: z
      .strictObject(FEES)
      .partial()
      .nullable()
      .optional()
      .meta({ description: 'null takes all fees away; what is absent stays as it is.' }),
    paymentInstructions: $Text
      .nullable()
      .optional()
      .meta({ description: 'Shown on the payment page, with its line breaks.' }),
    stripe: $StripeKeys.nullable().optional().meta({ description: 'Never shown again.' }),
    keepUnpaid: z.boolean().optional().meta({
      description: 'An unpaid ticket stays unpaid when it is exchanged for a cheaper one.',
    }),
  }),
  success: 200,
  response: $Organization,
  refusals: ['not_found', 'precondition_failed'],
} as const satisfies Contract;

const patchOrganization = defineRoute(patchContract, (deps: Deps, { actor, body, ifMatch }) =>
  updateOrganization(deps, { organizationId: actor.organizationId, ifMatch, change: body }),
);

export const organizationRoutes = [getOrganization, patchOrganization];
