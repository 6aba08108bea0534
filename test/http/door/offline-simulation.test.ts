// Many scanners with clocks that are wrong, offline for spells that nobody chose, over one event: after they have synced,
// attendance is what happened, and the ledger names exactly the admissions that were one too many.
import { describe, expect, inject, it } from 'vitest';
import type { Reentry } from '../../../lib/domain/event.ts';
import { ok } from '../../../lib/domain/result.ts';
import { aTicket } from '../../support/builders.ts';
import { runs } from '../../support/campaign.ts';
import { type Device, type Door, openDoor } from '../../support/door.ts';
import { createRandom } from '../../support/faulty-client.ts';
import { follow } from '../../support/following.ts';
import { toLean } from '../../support/lean-client.ts';
import { iso } from '../../support/offline.ts';
import { createTestTable } from '../../support/table.ts';
import { createWorld } from '../../support/world.ts';

const SEED = 50;
const MINUTE = 60_000;
const HOURS = 3;
const world = await createWorld({ limiter: () => ok(undefined) }, toLean(await createTestTable()));
const following = await follow(world);

interface Scanner {
  readonly device: Device;
  /** Its clock minus the right one. */
  readonly skewMs: number;
  /** What it let pass since it went offline. */
  readonly kept: Pass[];
  /** Barcodes that it lets in no more, as far as it knows by itself. */
  readonly used: Set<string>;
  isOnline: boolean;
}

/** What really happened. */
interface Pass {
  readonly barcode: string;
  readonly direction: 'entry' | 'exit';
  readonly scanId: string;
  readonly atMs: number;
  readonly deviceId: string;
}

async function putTickets(door: Door, count: number): Promise<string[]> {
  const { organizationId, eventId, ticketTypeId } = door;
  const tickets = Array.from({ length: count }, () =>
    aTicket({ organizationId, eventId, ticketTypeId, origin: 'SOLD' }),
  );
  await world.putAll(tickets);
  return tickets.map(({ barcode }) => barcode);
}

async function sync(door: Door, scanner: Scanner): Promise<void> {
  await following.catchUp();
  for (let start = 0; start < scanner.kept.length; start += 200) {
    const scans = scanner.kept.slice(start, start + 200).map((pass) => ({
      scanId: pass.scanId,
      eventId: door.eventId,
      barcode: pass.barcode,
      direction: pass.direction,
      scannedAt: iso(pass.atMs + scanner.skewMs),
      offlineOutcome: 'ADMITTED',
    }));
    const body = { deviceNow: iso(world.clock.nowMs + scanner.skewMs), scans };
    const reply = await world.door('POST /v1/validate/batch', { key: scanner.device.key, body });
    expect(reply.status).toBe(200);
  }
}

async function simulate(reentry: Reentry) {
  const random = createRandom(SEED);
  const door = await openDoor(world, { endsAt: '2026-06-03T06:00:00+02:00', reentry });
  const scanners: Scanner[] = [];
  for (let index = 0; index < runs(6, 50); index += 1) {
    scanners.push({
      device: await door.newDevice(),
      skewMs: Math.round((random() - 0.5) * 2 * HOURS * 3_600_000),
      kept: [],
      used: new Set(),
      isOnline: random() < 0.5,
    });
  }
  const barcodes = await putTickets(door, runs(120, 20_000));
  const happened: Pass[] = [];
  const visits = barcodes.length;
  for (let visit = 0; visit < visits; visit += 1) {
    world.clock.nowMs += Math.ceil((random() * HOURS * 3_600_000) / visits);
    const scanner = scanners[Math.floor(random() * scanners.length)] as Scanner;
    if (random() < 0.05) {
      scanner.isOnline = !scanner.isOnline;
      if (scanner.isOnline) {
        await sync(door, scanner);
        // The answer got lost now and then: it is sent again.
        if (random() < 0.3) await sync(door, scanner);
        scanner.kept.length = 0;
      }
    }
    // Some people come twice, with a copy of the ticket; some leave.
    const barcode = barcodes[Math.floor(random() ** 1.3 * barcodes.length)] ?? '';
    const direction = random() < 0.2 ? 'exit' : 'entry';
    const pass: Pass = {
      barcode,
      direction,
      scanId: `visit-${visit}`,
      atMs: world.clock.nowMs,
      deviceId: scanner.device.deviceId,
    };
    if (scanner.isOnline) {
      const body = { scanId: pass.scanId, barcode, direction };
      const { outcome } = (await door.scan(body, scanner.device.key)).body;
      if (outcome === 'ADMITTED' || outcome === 'EXITED') happened.push(pass);
    } else {
      const isRefused = direction === 'entry' && scanner.used.has(barcode);
      if (!isRefused) {
        happened.push(pass);
        scanner.kept.push(pass);
      }
    }
    if (direction === 'entry' && reentry !== 'always') scanner.used.add(barcode);
    if (direction === 'exit' && reentry === 'afterExit') scanner.used.delete(barcode);
  }
  world.clock.nowMs += MINUTE;
  for (const scanner of scanners.toSorted(() => random() - 0.5)) await sync(door, scanner);
  await following.catchUp();
  const { body } = await world.door(`GET /v1/events/${door.eventId}/attendance`, {
    key: door.organizer,
  });
  return { door, happened, attended: body };
}

describe.each(['never', 'afterExit', 'always'] as const)('with re-entry %s', (reentry) => {
  it('scanners that were offline agree on what happened once they have synced', async () => {
    const { door, happened, attended } = await simulate(reentry);
    const { attendance, ledger } = toTruth(happened, reentry);
    expect(attended).toMatchObject(attendance);
    if (reentry === 'always') expect(ledger.size).toBe(0);
    else expect(ledger.size).toBeGreaterThan(5);
    expect(await readLedger(door, happened)).toEqual(ledger);
    if (inject('isCampaign')) console.log({ reentry, ...attendance, clashes: sumOf(ledger) });
  });
});

const sumOf = (counts: ReadonlyMap<string, number>): number =>
  counts.values().reduce((sum, count) => sum + count, 0);

/** Attendance, and how many admissions of a barcode were one too many. */
function toTruth(happened: readonly Pass[], reentry: Reentry) {
  const attendance = { inside: 0, admitted: 0, entries: 0 };
  const ledger = new Map<string, number>();
  for (const [barcode, passes] of Map.groupBy(happened, (pass) => pass.barcode)) {
    const entries = passes.filter(({ direction }) => direction === 'entry');
    const ordered = passes.toSorted((a, b) => a.atMs - b.atMs);
    const last = ordered.at(-1);
    attendance.entries += entries.length;
    attendance.admitted += Number(entries.length > 0);
    attendance.inside += Number(last?.direction === 'entry');
    const extra = countExtra(ordered, reentry);
    if (extra > 0) ledger.set(barcode, extra);
  }
  return { attendance, ledger };
}

function countExtra(ordered: readonly Pass[], reentry: Reentry): number {
  if (reentry === 'always') return 0;
  const entries = ordered.filter(({ direction }) => direction === 'entry');
  if (reentry === 'never') return Math.max(0, entries.length - 1);
  return ordered.filter(
    ({ direction }, index) => direction === 'entry' && ordered[index - 1]?.direction === 'entry',
  ).length;
}

/** Every clash is told of by two admissions of one barcode that both happened. */
async function readLedger(door: Door, happened: readonly Pass[]): Promise<Map<string, number>> {
  const real = new Map(happened.map((pass) => [`${pass.deviceId} ${pass.atMs}`, pass.barcode]));
  const told = new Map<string, number>();
  for (const { at, deviceId, clash } of await loadLedger(door)) {
    const barcode = real.get(`${deviceId} ${Date.parse(at)}`) ?? 'none';
    expect(real.get(`${clash.deviceId} ${Date.parse(clash.at)}`)).toBe(barcode);
    told.set(barcode, (told.get(barcode) ?? 0) + 1);
  }
  return told;
}

interface Told {
  readonly at: string;
  readonly deviceId: string;
  readonly clash: { readonly at: string; readonly deviceId: string };
}

async function loadLedger(door: Door): Promise<Told[]> {
  const found: Told[] = [];
  for (let cursor = ''; ;) {
    const path = `/v1/events/${door.eventId}/clashes${cursor}` as const;
    const { body } = await world.door(`GET ${path}`, { key: door.organizer });
    found.push(...body.items);
    if (body.nextCursor === undefined) return found;
    cursor = `?cursor=${body.nextCursor}`;
  }
}
