// Bodies of foreign formats, read without trust.
import type { z } from 'zod';
import type { MarketplaceAnswer, Verdict } from '../app/sale-format-ports.ts';

/** Undefined unless the text is JSON of that shape. */
export function parseJson<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** What the status alone tells: timeouts, limits and faults of the server are worth another try. */
export function toStatusVerdict({ status }: Pick<MarketplaceAnswer, 'status'>): Verdict {
  if (status >= 200 && status < 300) return 'done';
  return status === 408 || status === 425 || status === 429 || status >= 500 ? 'again' : 'refused';
}

export const isSuccess = (answer: MarketplaceAnswer): boolean => toStatusVerdict(answer) === 'done';

/** Only what is there. */
export const given = <K extends string, V>(name: K, value: V | null | undefined) =>
  (value === undefined || value === null ? {} : { [name]: value }) as { readonly [P in K]?: V };
