// A broken assertion is a programming error: it throws, becomes a 500 and an error line in the log.

class AssertionError extends Error {
  override readonly name = 'AssertionError';
}

export function assert(claim: unknown, message: string): asserts claim {
  if (!claim) throw new AssertionError(message);
}

export function present<T>(value: T | undefined | null, message: string): T {
  assert(value !== undefined && value !== null, message);
  return value;
}
