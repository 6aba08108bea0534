// API keys: `sg.<organizationId>.<keyId>.<secret>`. The secret is shown once; the table holds its hash alone. A
// plain SHA-256 is enough, because the secret is 256 random bits and not a password.
import { createHash, timingSafeEqual } from 'node:crypto';

export interface ApiKeyParts {
  readonly organizationId: string;
  readonly keyId: string;
  readonly secret: string;
}

const API_KEY = /^sg\.(org_[0-9A-Z]{26})\.(key_[0-9A-Z]{26})\.([A-Za-z0-9_-]{43})$/;

export const toApiKey = ({ organizationId, keyId, secret }: ApiKeyParts): string =>
  `sg.${organizationId}.${keyId}.${secret}`;

export function parseApiKey(text: string): ApiKeyParts | undefined {
  const [, organizationId, keyId, secret] = API_KEY.exec(text) ?? [];
  if (organizationId === undefined || keyId === undefined || secret === undefined) return undefined;
  return { organizationId, keyId, secret };
}

export const hashSecret = (secret: string): string =>
  createHash('sha256').update(secret).digest('base64url');

/** Constant time, so that the answer's time tells nothing about how much of a guess was right. */
export const matchesHash = (secret: string, hash: string): boolean =>
  timingSafeEqual(createHash('sha256').update(secret).digest(), Buffer.from(hash, 'base64url'));

/** Whether an Authorization header shows a key of ours, good or not. */
export const isOwnKey = (authorization: string | undefined): boolean =>
  /^Bearer +sg\./i.test(authorization ?? '');
