// Pages of an import's rows.
import { type Result, ok, refuse } from '../../../domain/result.ts';
import { parsePage } from '../../pagination.ts';

/** The cursor of these lists is a row. */
export function parseRange(query: {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}): Result<{ readonly after: number; readonly limit: number }> {
  const page = parsePage(query);
  if (!page.ok) return page;
  const after = Number(page.value.after ?? 0);
  if (Number.isSafeInteger(after) && after >= 0) return ok({ after, limit: page.value.limit });
  const errors = [{ pointer: '/query/cursor', detail: 'must be a nextCursor of this list' }];
  return refuse('validation_failed', { errors });
}

export const toNext = (nextRow: number | undefined) =>
  nextRow === undefined ? {} : { next: String(nextRow) };
