// Opaque cursors: the position after which the next page starts. A cursor names no tenant: that comes from the key.
import type { Page, PageRequest } from '../app/event-ports.ts';
import { type Result, ok, refuse } from '../domain/result.ts';
import { PAGE_SIZE_MAX } from './schemas.ts';

const PREFIX = 'c1.';

/** Refuses `validation_failed` for a cursor whose position isn't one of this list. */
export function parsePage(
  query: { readonly cursor?: string | undefined; readonly limit?: number | undefined },
  position: RegExp,
): Result<PageRequest> {
  const limit = query.limit ?? PAGE_SIZE_MAX;
  if (query.cursor === undefined) return ok({ after: undefined, limit });
  const text = Buffer.from(query.cursor, 'base64url').toString('utf8');
  const after = text.slice(PREFIX.length);
  if (!text.startsWith(PREFIX) || !position.test(after)) {
    const errors = [{ pointer: '/query/cursor', detail: 'must be a nextCursor of this list' }];
    return refuse('validation_failed', { errors });
  }
  return ok({ after, limit });
}

export const toPageBody = <T, B>(page: Page<T>, toBody: (item: T) => B) => ({
  items: page.items.map(toBody),
  ...(page.next === undefined
    ? {}
    : { nextCursor: Buffer.from(PREFIX + page.next).toString('base64url') }),
});
