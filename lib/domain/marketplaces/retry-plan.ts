// When what could not be told is told again: the sample plan of Standard Webhooks.

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** Waits after the first, second, … attempt that failed. A schedule of a minute looks for what is due. */
const WAITS_MS = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
] as const;

/** Undefined: that was the last attempt. */
export const toRetryWait = (failures: number): number | undefined => WAITS_MS[failures - 1];
