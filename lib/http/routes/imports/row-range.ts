// Pages of an import's rows.
import { type Result, ok } from '../../../domain/result.ts';
import { parsePage } from '../../pagination.ts';

/** The cursor of these lists is a row. */
export function parseRange(query: {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}): Result<{ readonly after: number; readonly limit: number }> {
  const page = parsePage(query, /^[0-9]{1,15}$/);
  if (!page.ok) return page;
  return ok({ after: Number(page.value.after ?? 0), limit: page.value.limit });
}

export const toNext = (nextRow: number | undefined) =>
  nextRow === undefined ? {} : { next: String(nextRow) };
