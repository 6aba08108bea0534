// The stores of organizations and keys, as the use cases see them.
import type { Organization } from '../domain/organization.ts';
import type { Result } from '../domain/result.ts';
import type { StoredKey } from './authenticate.ts';
import type { StripeKeys } from './payment-ports.ts';

export interface OrganizationStore {
  /** Together with the secret under which its contacts get their ids. Refuses `already_exists`. */
  readonly create: (organization: Organization, secret: string) => Promise<Result<Organization>>;
  readonly find: (organizationId: string) => Promise<Organization | undefined>;
  /** Refuses `precondition_failed` when the organization is no longer the one `before`. Keys change only if given. */
  readonly update: (
    before: Organization,
    after: Organization,
    stripe?: StripeKeys | null,
  ) => Promise<Result<Organization>>;
}

export interface KeyStore {
  readonly put: (key: StoredKey) => Promise<void>;
  readonly find: (organizationId: string, keyId: string) => Promise<StoredKey | undefined>;
  /** By id, revoked ones of the last 30 days too; at most KEYS_MAX. */
  readonly list: (organizationId: string) => Promise<readonly StoredKey[]>;
  /** Repeat-safe: the first revocation's time stays. Answers undefined for an unknown key. */
  readonly revoke: (
    organizationId: string,
    keyId: string,
    at: string,
  ) => Promise<StoredKey | undefined>;
  /** Replaces the secret of a key that isn't revoked; answers undefined for any other. */
  readonly replaceSecret: (
    organizationId: string,
    keyId: string,
    secretHash: string,
  ) => Promise<StoredKey | undefined>;
}
