// Environment variables of a function, checked once when its container is made.

/** Throws, and so fails the start, when a variable is missing: a function never runs half configured. */
export function readEnv<const N extends string>(
  env: Readonly<Record<string, string | undefined>>,
  names: readonly N[],
): Readonly<Record<N, string>> {
  const missing = names.filter((name) => !env[name]);
  if (missing.length > 0) throw new Error(`missing environment variables: ${missing.join(', ')}`);
  return Object.fromEntries(names.map((name) => [name, env[name]])) as Record<N, string>;
}

/** Only the one-machine host sets it: there a marketplace's stand-in is on the same machine. */
export const allowsLoopback = (env: Readonly<Record<string, string | undefined>>): boolean =>
  env['OUTBOUND_LOOPBACK'] === 'allowed';
