// What Mercury's lock has that our holds have not: a price that may be overridden, under another id.
import { createHash } from 'node:crypto';

export type LockPrice =
  | { readonly as: 'lock'; readonly lockRequestId: string }
  | { readonly as: 'risen' };

/**
 * A price that fell is the marketplace's gain; one that rose is taken only if it said so, and then under another request
 * id (reference A2), which is the same for every repeat.
 */
export function decideLock(asked: {
  readonly lockRequestId: string;
  readonly askedMinor: number;
  readonly currentMinor: number;
  readonly overridePrice: boolean;
}): LockPrice {
  const { lockRequestId, askedMinor, currentMinor, overridePrice } = asked;
  if (askedMinor >= currentMinor) return { as: 'lock', lockRequestId };
  if (!overridePrice) return { as: 'risen' };
  return { as: 'lock', lockRequestId: toOverriddenId(lockRequestId) };
}

/** In the form of a name-based UUID (version 8, RFC 9562). */
export function toOverriddenId(lockRequestId: string): string {
  const hex = createHash('sha256').update(`overridden ${lockRequestId}`).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return parts.join('-');
}
