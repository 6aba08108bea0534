// What a million admissions cost on AWS, from counted calls, units and bytes. Prices are list prices of us-east-1 in USD
// (November 2026); storage and the free tier are left out.

export const PRICES = {
  /** HTTP API, each million of the first 300 million requests. */
  apiRequests: 1,
  /** Lambda, each million invocations. */
  invocations: 0.2,
  /** Lambda on arm64, each GB-second. */
  gbSecond: 0.000_013_333_4,
  /** DynamoDB on demand, each million write units and read units. */
  writeUnits: 0.625,
  readUnits: 0.125,
  /** CloudWatch Logs, each GB taken in. */
  logGb: 0.5,
} as const;

const MILLION = 1_000_000;

export interface RequestPath {
  readonly writeUnits: number;
  readonly readUnits: number;
  readonly logBytes: number;
  readonly memoryMb: number;
  /** Billed by the millisecond: the table's answer takes most of it. */
  readonly billedMs: number;
}

export interface Following {
  /** Changes that one call of the stream's function finds together. */
  readonly scansPerBatch: number;
  /** Of the log's line, for each scan. */
  readonly lineUnits: number;
  /** Of counters and of the scan packs' feed, for each batch. */
  readonly batchUnits: number;
  readonly memoryMb: number;
  readonly billedMs: number;
}

const toComputeCost = (memoryMb: number, billedMs: number): number =>
  (memoryMb / 1_024) * (billedMs / 1_000) * MILLION * PRICES.gbSecond;

/** USD for a million admissions: from the request to its answer. */
export const toRequestCost = (path: RequestPath): number =>
  PRICES.apiRequests +
  PRICES.invocations +
  toComputeCost(path.memoryMb, path.billedMs) +
  path.writeUnits * PRICES.writeUnits +
  path.readUnits * PRICES.readUnits +
  ((path.logBytes * MILLION) / 1e9) * PRICES.logGb;

/** USD for a million admissions: their lines in the log, attendance and scan packs. */
export const toFollowingCost = (following: Following): number =>
  following.lineUnits * PRICES.writeUnits +
  (following.batchUnits * PRICES.writeUnits +
    PRICES.invocations +
    toComputeCost(following.memoryMb, following.billedMs)) /
    following.scansPerBatch;

/**
 * A busy door: 16 scans a second on a table of four partitions make batches of 20 in the five seconds that they are
 * collected. A door with two scans a second makes batches of three, and costs 0.40 more.
 */
export const BUSY_DOOR: Following = {
  scansPerBatch: 20,
  lineUnits: 1,
  // One item of counters and one of the feed, each below 1 KB; every tenth minute begins another one.
  batchUnits: 2.1,
  memoryMb: 512,
  billedMs: 60,
};

/** DynamoDB answers in 4 to 6 ms; the rest is the function and rounding. */
export const BILLED_MS = 10;
export const DOOR_MEMORY_MB = 512;
