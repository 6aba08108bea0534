// A change to a thing: only what it names is changed.
import { type Result, refuse } from '../domain/result.ts';

/** Every field may be absent; `undefined` is what a parsed body has for an absent one. */
export type Change<T> = { readonly [K in keyof T]?: T[K] | undefined };

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };
/** Leaves out what is undefined, so that it doesn't overwrite. */
export const withoutAbsent = <T extends object>(change: T): Partial<Given<T>> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<
    Given<T>
  >;

/** Of several changes at once one wins each try, so this many may be under way. */
const TRIES_MAX = 50;

/** Without If-Match a change goes on top of whatever is there: it is read and made anew when another one was faster. */
export async function changeUnlessGuarded<T>(
  ifMatch: number | undefined,
  change: () => Promise<Result<T>>,
): Promise<Result<T>> {
  if (ifMatch !== undefined) return change();
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const result = await change();
    if (result.ok || result.refusal.code !== 'precondition_failed') return result;
  }
  return refuse('unavailable', { retryAfterSeconds: 1 });
}
