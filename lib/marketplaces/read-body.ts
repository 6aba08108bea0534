// Bodies of foreign formats, read without trust.
import type { z } from 'zod';
import type { MarketplaceAnswer, MarketplaceRequest, Verdict } from '../app/sale-format-ports.ts';
import { isPassing } from '../domain/marketplaces/circuit.ts';

/** Undefined unless the text is JSON of that shape. */
export function parseJson<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Those of a list that can be read: one that is new to us must not hide the others. */
export const readEach = <T>(schema: z.ZodType<T>, list: readonly unknown[]): readonly T[] =>
  list.flatMap((item) => {
    const read = schema.safeParse(item);
    return read.success ? [read.data] : [];
  });

/**
 * What the status alone tells: timeouts, limits and faults of the server are worth another try, and so are credentials
 * that are refused, because the host can put them right.
 */
export function toStatusVerdict({ status }: Pick<MarketplaceAnswer, 'status'>): Verdict {
  if (status >= 200 && status < 300) return 'done';
  return isPassing(status) ? 'again' : 'refused';
}

export const isSuccess = (answer: MarketplaceAnswer): boolean => toStatusVerdict(answer) === 'done';

/** Only what is there. */
export const given = <K extends string, V>(name: K, value: V | null | undefined) =>
  (value === undefined || value === null ? {} : { [name]: value }) as { readonly [P in K]?: V };

export const withHeaders = (
  request: MarketplaceRequest,
  headers: Readonly<Record<string, string | undefined>>,
): MarketplaceRequest => ({
  ...request,
  headers: { ...request.headers, ...withoutUndefined(headers) },
});

const withoutUndefined = (
  headers: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value]],
    ),
  );

export function withQuery(
  request: MarketplaceRequest,
  name: string,
  value = '',
): MarketplaceRequest {
  const url = new URL(request.url);
  url.searchParams.set(name, value);
  return { ...request, url };
}
