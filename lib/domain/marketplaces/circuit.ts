// The circuit breaker of a channel: after some calls in a row that failed, none is made for a while, and then one to try.

export interface Circuit {
  /** Calls that failed since the last one that worked. */
  readonly failures: number;
  /** No call before then; after it one may try. */
  readonly openUntilMs?: number;
}

export const FAILURES_MAX = 5;
/** The sweep that plans attempts looks every minute. */
export const OPEN_MS = 60_000;
/** Longer than all that belongs to one attempt. */
export const PROBE_MS = 60_000;

export const CIRCUIT_STATES = ['closed', 'open', 'halfOpen'] as const;
type CircuitState = (typeof CIRCUIT_STATES)[number];

export function toCircuitState(circuit: Circuit, nowMs: number): CircuitState {
  if (circuit.openUntilMs === undefined) return 'closed';
  return circuit.openUntilMs > nowMs ? 'open' : 'halfOpen';
}

/** Whether an answer says that the other side, or the way to it, is out of order. */
export const isFault = (status: number | undefined): boolean =>
  status === undefined || status === 401 || status === 403 || status >= 500;

/** Whether another try may be answered otherwise: a host can put refused credentials right. */
export const isPassing = (status: number): boolean => isFault(status) || WAITS.has(status);

const WAITS: ReadonlySet<number> = new Set([408, 425, 429]);
