// One ticket's whole evening: scans online and offline in whatever order they come in, sent again, annulled, with
// granted re-entries and new barcodes in between. The ledger, who is inside and how often somebody came in follow from
// what happened alone.
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import type { Reentry } from '../../../lib/domain/event.ts';
import { toHistoryItem } from '../../../lib/table/history-item.ts';
import { runs } from '../../support/campaign.ts';
import { type Door, openDoor } from '../../support/door.ts';
import { createRandom } from '../../support/faulty-client.ts';
import { follow } from '../../support/following.ts';
import { goOffline, iso } from '../../support/offline.ts';
import { createWorld } from '../../support/world.ts';

const world = await createWorld();
const following = await follow(world);
const { aScan, results, clashes } = goOffline(world);
const random = createRandom(33);
const pick = (below: number): number => Math.floor(random() * below);
const MINUTE = 60_000;

interface Passed {
  readonly scanId: string;
  readonly direction: string;
  readonly atMs: number;
  /** As it was sent, for the batch. */
  readonly scan: ReturnType<typeof aScan>;
  isAnnulled: boolean;
}
interface Evening {
  readonly door: Door;
  readonly eventTicketId: number;
  barcode: string;
  readonly passed: Passed[];
  readonly grantsMs: number[];
}

function toScan({ door, barcode }: Evening, atMs: number) {
  const direction = random() < 0.6 ? 'entry' : 'exit';
  return aScan(door, 0, { barcode, direction, scannedAt: iso(atMs) });
}

const ACTS: Readonly<Record<string, (evening: Evening) => Promise<void>>> = {
  async online(evening) {
    const { nowMs } = world.clock;
    const scan = toScan(evening, nowMs);
    const { scanId, barcode, direction } = scan;
    const { outcome } = (await evening.door.scan({ scanId, barcode, direction })).body;
    if (outcome === 'REFUSED') return;
    const isAnnulled = false;
    evening.passed.push({ scanId, direction: `${direction}`, atMs: nowMs, scan, isAnnulled });
  },
  async offline(evening) {
    // Never at the very time of another one: what was first then, nobody can tell.
    const atMs = world.clock.nowMs - pick(40) * MINUTE - 1 - evening.passed.length;
    const scan = toScan(evening, atMs);
    const [answer] = await results(evening.door.device, [scan]);
    expect(answer.repeated).toBe(false);
    const { scanId, direction } = scan;
    evening.passed.push({ scanId, direction: `${direction}`, atMs, scan, isAnnulled: false });
  },
  async again({ door, passed }) {
    const known = passed[pick(passed.length)];
    if (known === undefined) return;
    const [answer] = await results(door.device, [known.scan]);
    expect(answer.repeated).toBe(true);
    expect(answer.reason === 'ANNULLED').toBe(known.isAnnulled);
  },
  async annul({ door, passed, barcode }) {
    const newest = passed.at(-1);
    if (newest?.scan['barcode'] !== barcode) return;
    const { status } = await door.annul(newest.scanId, { barcode });
    if (status === 200) newest.isAnnulled = true;
  },
  async grant({ door, eventTicketId, barcode, grantsMs }) {
    const ticket = await door.find(barcode);
    if (ticket.admissions === 0) return;
    await world.put({ ...ticket, checkedIn: false, reentryGranted: true, isExchanged: true });
    const entry = { action: 'EXCHANGED', by: 'key_1', details: { reentryGranted: true } } as const;
    const Item = toHistoryItem(ticket.organizationId, eventTicketId, entry, world.clock.nowMs);
    await world.client.send(new PutCommand({ TableName: world.tableName, Item }));
    grantsMs.push(world.clock.nowMs);
  },
  async reissue(evening) {
    const path = `/v1/tickets/${evening.eventTicketId}/reissue` as const;
    const reply = await world.organizers(`POST ${path}`, { key: evening.door.organizer });
    evening.barcode = reply.body.barcode;
  },
};
const LIKELY = [
  ...Array.from({ length: 9 }, () => 'offline'),
  ...Array.from({ length: 6 }, () => 'online'),
  ...Array.from({ length: 3 }, () => 'again'),
  'annul',
  'annul',
  'grant',
  'reissue',
];

/** Entries that came on top of another one between two walls. */
function countExtra({ passed, grantsMs }: Evening, reentry: Reentry): number {
  const steps = [
    ...passed.filter(({ isAnnulled }) => !isAnnulled),
    ...grantsMs.map((atMs) => ({ direction: 'grant', atMs })),
  ].toSorted((a, b) => a.atMs - b.atMs);
  let [extra, isOpen] = [0, false];
  for (const { direction } of steps) {
    if (direction === 'entry' && isOpen && reentry !== 'always') extra += 1;
    if (direction === 'entry') isOpen = true;
    else if (direction === 'grant' || reentry === 'afterExit') isOpen = false;
  }
  return extra;
}

it.each(['never', 'afterExit', 'always'] as const)('with re-entry %s', async (reentry) => {
  const door = await openDoor(world, { reentry, endsAt: '2026-07-01T00:00:00Z' });
  for (let round = 0; round < runs(3, 300); round += 1) {
    const { barcode, eventTicketId } = await door.newTicket();
    const evening: Evening = { door, eventTicketId, barcode, passed: [], grantsMs: [] };
    const acts = Array.from({ length: 6 + pick(12) }, () => LIKELY[pick(LIKELY.length)] ?? '');
    for (const act of acts) {
      world.clock.nowMs += (1 + pick(5)) * MINUTE;
      await ACTS[act]?.(evening);
      await following.catchUp();
    }
    const real = evening.passed.filter(({ isAnnulled }) => !isAnnulled);
    const open = (await clashes(door)).filter(
      (clash: { eventTicketId: number }) => clash.eventTicketId === eventTicketId,
    );
    const told = { acts: acts.join(), extra: open.length };
    expect(told).toEqual({ ...told, extra: countExtra(evening, reentry) });
    expect(await door.find(evening.barcode)).toMatchObject({
      admissions: real.filter(({ direction }) => direction === 'entry').length,
      inside: real.toSorted((a, b) => a.atMs - b.atMs).at(-1)?.direction === 'entry',
    });
  }
});
