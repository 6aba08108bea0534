// A change to a thing: only what it names is changed.

/** Every field may be absent; `undefined` is what a parsed body has for an absent one. */
export type Change<T> = { readonly [K in keyof T]?: T[K] | undefined };

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };
/** Leaves out what is undefined, so that it doesn't overwrite. */
export const withoutAbsent = <T extends object>(change: T): Partial<Given<T>> =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as Partial<
    Given<T>
  >;
