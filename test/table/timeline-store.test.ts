// The timeline of a sale in the table: one entry for each id, whole, in its order.
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  TIMELINE_KINDS,
  type TimelineEntry,
  toTimeline,
} from '../../lib/domain/marketplaces/timeline.ts';
import { createTimelineStore } from '../../lib/table/timeline-store.ts';
import { createTestTable } from '../support/table.ts';

const { bare, tableName } = await createTestTable();
const timelines = createTimelineStore({ client: DynamoDBDocumentClient.from(bare), tableName });
const ids = (marketplaceOrderId: string) => ({
  organizationId: 'org_timeline',
  marketplace: 'stubhub' as const,
  marketplaceOrderId,
});
const anEntry = (overrides: Partial<TimelineEntry> & { readonly entryId: string }) => ({
  kind: 'RECEIVED' as const,
  what: 'sale.created',
  atMs: 1_000,
  ...overrides,
});

describe('a timeline', () => {
  it('keeps the first of several entries with one id, whoever adds them and when', async () => {
    const first = anEntry({ entryId: 'n-1', payloadDigest: 'ab'.repeat(32), detail: 'late' });
    const other = anEntry({ entryId: 'n-2', atMs: 999 });
    await timelines.add(ids('1'), [first]);
    await Promise.all([
      timelines.add(ids('1'), [{ ...first, atMs: 5, what: 'sale.canceled' }, other]),
      timelines.add(ids('1'), [other, first]),
    ]);
    expect(await timelines.list(ids('1'))).toEqual([other, first]);
  });

  it('is that of one order of one marketplace of one organization', async () => {
    await timelines.add(ids('2'), [anEntry({ entryId: 'n-1' })]);
    const others = [
      ids('2#ENTRY'),
      ids('2#'),
      { ...ids('2'), marketplace: 'seatgeek' as const },
      { ...ids('2'), organizationId: 'org_other' },
    ];
    for (const other of others) expect(await timelines.list(other)).toEqual([]);
  });

  it('is whole when it is longer than a page of the table', async () => {
    const detail = 'x'.repeat(300_000);
    const entries = Array.from({ length: 5 }, (_, at) =>
      anEntry({ entryId: `n-${at}`, atMs: 5 - at, detail }),
    );
    await timelines.add(ids('3'), entries);
    expect(await timelines.list(ids('3'))).toEqual(entries.toReversed());
  });

  it('has one order, however its entries came: by time, then cause before effect', () => {
    const entry = fc.record({
      kind: fc.constantFrom(...TIMELINE_KINDS),
      atMs: fc.integer({ min: 0, max: 3 }),
    });
    const shuffled = fc
      .array(entry)
      .map((facts) => facts.map((fact, at) => anEntry({ entryId: `e${at}`, ...fact })))
      .chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
      );
    fc.assert(
      fc.property(shuffled, ([entries, others]) => {
        const timeline = toTimeline(others);
        expect(timeline).toEqual(toTimeline(entries));
        for (const [at, { atMs, kind }] of timeline.slice(1).entries()) {
          const before = timeline[at];
          expect(before?.atMs).toBeLessThanOrEqual(atMs);
          if (before?.atMs === atMs) {
            const places = [before.kind, kind].map((each) => TIMELINE_KINDS.indexOf(each));
            expect(places).toEqual(places.toSorted((a, b) => a - b));
          }
        }
      }),
    );
  });
});
