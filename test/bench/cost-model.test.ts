import { describe, expect, it } from 'vitest';
import { findOne, findResources, synthesize } from '../infra/synthesized.ts';
import { toScanLogBytes } from './access-log.ts';
import {
  BILLED_MS,
  BUSY_DOOR,
  DOOR_MEMORY_MB,
  PRICES,
  type RequestPath,
  toFollowingCost,
  toRequestCost,
} from './cost-model.ts';

const stacks = synthesize();
const { Properties: stage } = findOne(stacks, 'AWS::ApiGatewayV2::Stage');
const logBytes = toScanLogBytes(stage.AccessLogSettings.Format);
const path: RequestPath = {
  writeUnits: 1,
  readUnits: 0,
  logBytes,
  memoryMb: DOOR_MEMORY_MB,
  billedMs: BILLED_MS,
};

describe('the cost of a million admissions', () => {
  it('adds up the parts of the request path', () => {
    const free = { writeUnits: 0, readUnits: 0, logBytes: 0, memoryMb: 512, billedMs: 0 };
    expect(toRequestCost(free)).toBeCloseTo(1.2, 9);
    expect(toRequestCost({ ...free, writeUnits: 1 })).toBeCloseTo(1.825, 9);
    expect(toRequestCost({ ...free, readUnits: 2 })).toBeCloseTo(1.45, 9);
    expect(toRequestCost({ ...free, logBytes: 1_000 })).toBeCloseTo(1.7, 9);
    // A million calls of 10 ms with half a GB are 5,000 GB-seconds.
    expect(toRequestCost({ ...free, billedMs: 10 }) - 1.2).toBeCloseTo(5_000 * PRICES.gbSecond, 9);
  });

  it('spreads the cost of a batch over its scans', () => {
    const batch = { ...BUSY_DOOR, lineUnits: 0, billedMs: 0, batchUnits: 0 };
    expect(toFollowingCost({ ...batch, scansPerBatch: 10 })).toBeCloseTo(0.02, 9);
    expect(toFollowingCost({ ...batch, scansPerBatch: 10, batchUnits: 2 })).toBeCloseTo(0.145, 9);
    expect(toFollowingCost({ ...batch, lineUnits: 1 })).toBeCloseTo(0.625 + 0.2 / 20, 9);
  });

  it('is at most 1.95 USD for the request path, with at most 180 bytes logged', () => {
    expect(logBytes).toBeLessThanOrEqual(180);
    expect(toRequestCost(path)).toBeLessThanOrEqual(1.95);
  });

  it('is at most 2.75 USD with log and attendance', () => {
    expect(toRequestCost(path) + toFollowingCost(BUSY_DOOR)).toBeLessThanOrEqual(2.75);
  });

  it('is reckoned with the memory that the functions have', () => {
    const functions = findResources(stacks, 'AWS::Lambda::Function');
    const memoryOf = (entry: string): number =>
      functions.find(({ Metadata }) => Metadata?.['swapgate:entry'] === entry)?.Properties
        .MemorySize;
    expect(memoryOf('functions/http/scans.ts')).toBe(DOOR_MEMORY_MB);
    expect(memoryOf('functions/workers/follow-tickets.ts')).toBe(BUSY_DOOR.memoryMb);
  });
});
