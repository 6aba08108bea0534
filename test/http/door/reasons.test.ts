// Every reason that the door refuses with, and ALREADY_USED and ANNULLED beside the scans that they come of.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SCAN_REASONS } from '../../../lib/domain/scan.ts';
import type { Ticket } from '../../../lib/domain/ticket.ts';
import { openDoor } from '../../support/door.ts';
import { createWorld } from '../../support/world.ts';

const world = await createWorld();
const HOUR = 3_600_000;

const REASONS: [string, Partial<Ticket>, Record<string, unknown>, Record<string, unknown>][] = [
  ['SWAPPED', { standing: 'SWAPPED' }, {}, {}],
  ['REPLACED', { standing: 'REPLACED' }, {}, {}],
  ['BLOCKED', { standing: 'BLOCKED' }, {}, {}],
  ['CANCELED', { standing: 'CANCELED' }, {}, {}],
  ['UNPAID', { payment: 'NOTHING' }, {}, {}],
  ['HELD', { heldUntilMs: world.clock.nowMs + HOUR }, {}, {}],
  ['NOT_INSIDE', {}, {}, { direction: 'exit' }],
  ['UNKNOWN', {}, {}, { barcode: 'nobody knows' }],
  ['MALFORMED', {}, {}, { barcode: 'a\u0000b' }],
  ['MALFORMED', {}, {}, { barcode: '\r\n' }],
  ['MALFORMED', {}, {}, { barcode: 'x'.repeat(129) }],
  ['WRONG_EVENT', { eventId: 'another' }, {}, {}],
  ['TOO_LATE', {}, { endsAt: '2026-06-01T19:59:00Z' }, {}],
  [
    'TOO_EARLY',
    {},
    { gates: [{ gateId: 'main', name: 'Main', from: '2026-06-01T20:00:01Z' }] },
    {},
  ],
  [
    'TOO_LATE',
    {},
    { gates: [{ gateId: 'main', name: 'Main', until: '2026-06-01T19:59:59Z' }] },
    {},
  ],
  ['WRONG_GATE', {}, { gates: [{ gateId: 'main', name: 'Main', ticketTypeIds: [1] }] }, {}],
];
const OF_NO_TICKET = ['UNKNOWN', 'MALFORMED', 'WRONG_EVENT'];

describe('200 validate', () => {
  it.each(REASONS)(
    'refuses with %s and changes nothing',
    async (reason, ticket, event, question) => {
      const settings = { startsAt: '2026-05-01T00:00:00Z', ...event };
      const { scan } = await openDoor(world, settings, ticket);
      expect((await scan(question)).body).toMatchObject({
        outcome: 'REFUSED',
        reason,
        repeated: false,
      });
      expect((await scan({ ...question, mode: 'check' })).body).toMatchObject({
        outcome: 'REFUSED',
        reason,
      });
    },
  );

  it.each(REASONS)(
    'tells with %s the scan before, where there is one',
    async (reason, ticket, event, question) => {
      const settings = { startsAt: '2026-05-01T00:00:00Z', reentry: 'always', ...event };
      const lastAdmission = { atMs: world.clock.nowMs - HOUR, deviceId: 'key_1', gateId: 'main' };
      const { scan } = await openDoor(world, settings, { ...ticket, admissions: 1, lastAdmission });
      const at = new Date(lastAdmission.atMs).toISOString();
      const { body } = await scan(question);
      expect(body.reason).toBe(reason);
      expect(body.previous).toEqual(
        OF_NO_TICKET.includes(reason) ? undefined : { at, deviceId: 'key_1', gateId: 'main' },
      );
    },
  );

  it('refuses with ALREADY_USED and tells the scan before', async () => {
    const { scan, device } = await openDoor(world);
    await scan();
    const at = new Date(world.clock.nowMs).toISOString();
    expect((await scan()).body).toMatchObject({
      reason: 'ALREADY_USED',
      previous: { at, deviceId: device.deviceId, gateId: 'main' },
    });
  });

  it('refuses with ANNULLED, and tells no scan where none is left', async () => {
    const { scan, annul } = await openDoor(world);
    await scan({ scanId: 'one' });
    await annul('one');
    const { body } = await scan({ scanId: 'one' });
    expect(body).toMatchObject({ outcome: 'REFUSED', reason: 'ANNULLED', repeated: true });
    expect(body).not.toHaveProperty('previous');
  });

  it('has an example of every reason here', () => {
    const shown = [...REASONS.map(([reason]) => reason), 'ALREADY_USED', 'ANNULLED'];
    expect(new Set(shown)).toEqual(new Set(SCAN_REASONS));
  });
});

describe('README', () => {
  it("lists every reason in its table for the door's staff", () => {
    const [, staff = ''] = readFileSync('README.md', 'utf8').split('\n## At the door\n');
    const rows = staff.split('\n').filter((row) => row.startsWith('|'));
    const told = rows.map((row) => row.split('|')[1] ?? '').join();
    expect(SCAN_REASONS.filter((reason) => !told.includes(`\`${reason}\``))).toEqual([]);
  });
});
