// Making an organization with its first key (operators) and changing its settings (organizers).
import type { FeeSchedule } from '../domain/orders/fees.ts';
import type { Organization } from '../domain/organization.ts';
import { type Result, ok, refuse } from '../domain/result.ts';
import { type Change, changeUnlessGuarded, withoutAbsent } from './change.ts';
import { toNewId, toNewSecret } from './ids.ts';
import { createKey, type KeyDeps, type KeyWithSecret } from './manage-keys.ts';
import type { OrganizationStore } from './organization-ports.ts';
import type { StripeKeys } from './payment-ports.ts';

export interface OrganizationChange {
  readonly name?: string | undefined;
  readonly language?: Organization['language'] | undefined;
  /** Null takes it away. */
  readonly email?: string | null | undefined;
  readonly secureSwap?:
    | {
        readonly enabled?: boolean | undefined;
        readonly capBasis?: Organization['secureSwap']['capBasis'] | undefined;
      }
    | undefined;
  /** What is absent keeps its value, or starts without fee; null takes all fees away. */
  readonly fees?: FeesChange | null | undefined;
  /** null takes them away. */
  readonly paymentInstructions?: string | null | undefined;
  /** null ends payments by Stripe. */
  readonly stripe?: StripeKeys | null | undefined;
  readonly keepUnpaid?: boolean | undefined;
}

type FeesChange = Change<FeeSchedule>;

/** Makes the organization first and its organizer key second: a cut in between leaves an organization without a key. */
export async function createOrganization(
  deps: KeyDeps & { readonly organizations: OrganizationStore },
  input: {
    readonly name: string;
    readonly language: Organization['language'];
    readonly nowMs: number;
  },
): Promise<Result<KeyWithSecret>> {
  const { name, language, nowMs } = input;
  const organization: Organization = {
    organizationId: toNewId('organization', nowMs),
    name,
    language,
    secureSwap: { enabled: false, capBasis: 'price' },
    createdAt: new Date(nowMs).toISOString(),
    version: 1,
  };
  const created = await deps.organizations.create(organization, toNewSecret());
  if (!created.ok) return created;
  const key = { scope: 'organizer', name: 'first key' } as const;
  return createKey(deps, { organizationId: organization.organizationId, nowMs, key });
}

interface OrganizationUpdate {
  readonly organizationId: string;
  readonly ifMatch: number | undefined;
  readonly change: OrganizationChange;
}

/** Refuses `not_found` and `precondition_failed` when somebody else changed it since `ifMatch`. */
export const updateOrganization = (
  deps: { readonly organizations: OrganizationStore },
  input: OrganizationUpdate,
): Promise<Result<Organization>> =>
  changeUnlessGuarded(input.ifMatch, async () => changeOrganization(deps, input));

async function changeOrganization(
  { organizations }: { readonly organizations: OrganizationStore },
  input: OrganizationUpdate,
): Promise<Result<Organization>> {
  const before = await organizations.find(input.organizationId);
  if (before === undefined) return refuse('not_found');
  if (input.ifMatch !== undefined && input.ifMatch !== before.version)
    return refuse('precondition_failed');
  return organizations.update(before, toChanged(before, input.change), input.change.stripe);
}

function toChanged(before: Organization, change: OrganizationChange): Organization {
  const { name, language, secureSwap } = change;
  const { email: known, fees, paymentInstructions, stripe, ...rest } = before;
  const email = change.email === undefined ? known : change.email;
  const instructions =
    change.paymentInstructions === undefined ? paymentInstructions : change.paymentInstructions;
  const hasStripe = change.stripe === undefined ? stripe !== undefined : change.stripe !== null;
  return {
    ...rest,
    ...(typeof email === 'string' ? { email } : {}),
    ...toChangedFees(fees, change.fees),
    ...(change.keepUnpaid === undefined ? {} : { keepUnpaid: change.keepUnpaid }),
    ...(typeof instructions === 'string' ? { paymentInstructions: instructions } : {}),
    ...(hasStripe ? { stripe: { configured: true } } : {}),
    name: name ?? before.name,
    language: language ?? before.language,
    secureSwap: {
      enabled: secureSwap?.enabled ?? before.secureSwap.enabled,
      capBasis: secureSwap?.capBasis ?? before.secureSwap.capBasis,
    },
    version: before.version + 1,
  };
}

const NEW_FEES: FeeSchedule = {
  flats: {},
  platformBp: 0,
  cardBp: 0,
  internationalCardBp: 0,
  mode: 'passed_on',
  cardFeeRefundable: true,
};

/** Orders keep what they were sold with; a change counts from the next sale or exchange on. */
function toChangedFees(
  before: FeeSchedule | undefined,
  change: FeesChange | null | undefined,
): { readonly fees?: FeeSchedule } {
  if (change === null) return {};
  if (change === undefined) return before === undefined ? {} : { fees: before };
  return { fees: { ...NEW_FEES, ...before, ...withoutAbsent(change) } };
}

export const findOrganization = async (
  organizations: OrganizationStore,
  organizationId: string,
): Promise<Result<Organization>> => {
  const organization = await organizations.find(organizationId);
  return organization === undefined ? refuse('not_found') : ok(organization);
};
