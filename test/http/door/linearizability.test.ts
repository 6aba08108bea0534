// Contested operations by many workers over a table that conflicts, throttles and loses replies; the recorded history is
// then checked against the order in which the table says that it was written.
import { describe, expect, inject, it } from 'vitest';
import type { Reentry } from '../../../lib/domain/event.ts';
import { toScanDigest } from '../../../lib/domain/scan-mark.ts';
import { ok } from '../../../lib/domain/result.ts';
import { EXCHANGE_ROUTES } from '../../../lib/http/routes/exchanges/exchanges.ts';
import { SCAN_ROUTES } from '../../../lib/http/routes/scans/routes.ts';
import { TICKET_ROUTES } from '../../../lib/http/routes/tickets/routes.ts';
import { createExchangesContainer } from '../../../lib/runtime/container/exchanges.ts';
import { createScansContainer, type ScansDeps } from '../../../lib/runtime/container/scans.ts';
import { createTicketsContainer } from '../../../lib/runtime/container/tickets.ts';
import { fromStreamRecord } from '../../../lib/table/ticket-stream.ts';
import { createApi } from '../../support/api.ts';
import { runs } from '../../support/campaign.ts';
import { toExchangePath } from '../../support/exchange-world.ts';
import { createLeanFaultyClient, createRandom } from '../../support/faulty-client.ts';
import { follow } from '../../support/following.ts';
import { checkHistories, type Operation, type Write } from '../../support/histories.ts';
import type { EventToSell } from '../../support/order-world.ts';
import { toLean } from '../../support/lean-client.ts';
import { BUYER, createSwapWorld } from '../../support/swap-world.ts';
import { createTestTable } from '../../support/table.ts';
import { SILENT } from '../../support/world.ts';

const WORKERS = 64;
const DEVICES = 8;
const TICKETS_MIN = 30;
/** Part of the operations. */
const SWAPS = 0.03;
const SEED = 20_261_124;
const FAULTS = { conflict: 0.05, throttle: 0.002, lostReply: 0.2 };
/** A swap is a dozen calls, and one that conflicts ends it as unavailable. */
const OFFICE_FAULTS = { conflict: 0.005, throttle: 0.002, lostReply: 0.05 };

const world = await createSwapWorld(toLean(await createTestTable()));
const following = await follow(world);

interface Sold {
  readonly eventTicketId: number;
  readonly barcode: string;
  /** Absent: came of a swap. */
  readonly orderId?: number;
}

/** The routes of block, unblock, reissue, swap and exchange, over a client that fails like the door's. */
function openOffice(event: EventToSell, typeIds: readonly number[]) {
  const { client } = createLeanFaultyClient(OFFICE_FAULTS, SEED + 1);
  const env = { TABLE_NAME: world.tableName };
  const shared = {
    clock: () => world.clock.nowMs,
    logger: SILENT,
    limiter: () => ok(undefined),
  };
  const host = createApi([...TICKET_ROUTES, ...EXCHANGE_ROUTES], {
    ...createTicketsContainer(env, client),
    ...createExchangesContainer(env, client),
    ...shared,
  });
  const ticketswap = world.ticketswapOver(client);
  const { key, swapKey } = world;
  return {
    change: async ({ eventTicketId }: Sold, what: 'block' | 'unblock' | 'reissue') =>
      host(`POST /v1/tickets/${eventTicketId}/${what}`, { key, body: {} }),
    swap: async ({ barcode }: Sold) =>
      ticketswap('POST /ticketswap/swap', {
        key: swapKey,
        body: { ticket: { barcode }, customer: BUYER },
      }),
    /** Grants a re-entry to a ticket that was admitted. */
    async exchange({ eventTicketId, orderId }: Sold, dice: number) {
      if (orderId === undefined) return;
      const newTicketTypeId = typeIds[Math.floor(dice * typeIds.length)];
      await host(`PUT ${toExchangePath(event, orderId)}`, {
        key,
        body: { eventTicketId, newTicketTypeId },
      });
    },
  };
}

async function sellMany(event: EventToSell, count: number): Promise<Sold[]> {
  const sold: Sold[] = [];
  while (sold.length < count) {
    // A moment has only so many numbers.
    world.clock.nowMs += 1;
    const items = [{ ticketTypeId: event.typeId, quantity: 5 }];
    const { body } = await world.sell(event, { items, payment: { paymentType: 'CASH' } });
    sold.push(...body.tickets.map((ticket: Sold) => ({ ...ticket, orderId: body.orderId })));
  }
  return sold;
}

async function contest(reentry: Reentry, operations: number) {
  const event = await world.newEvent({ reentry });
  const { eventId } = event;
  const others = [
    await world.newType(eventId, { name: 'A' }),
    await world.newType(eventId, { name: 'B' }),
  ];
  const office = openOffice(event, [event.typeId, ...others]);
  const random = createRandom(SEED);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const devices: { readonly key: string; readonly deviceId: string }[] = [];
  for (let index = 0; index < DEVICES; index += 1) {
    devices.push((await world.post('/v1/devices', { name: 'Gate', eventIds: [eventId] })).body);
  }
  const barcodes = await sellMany(event, Math.max(TICKETS_MIN, operations / 100));
  // Whatever is there from the start is soon admitted: some are shown to the scanners when they are swapped.
  const unseen = await sellMany(event, operations * SWAPS);
  const known = new Set(barcodes.map(({ barcode }) => barcode));
  const { client, counts } = createLeanFaultyClient(FAULTS, SEED);
  const env = { TABLE_NAME: world.tableName, SCANS_QUEUE_URL: 'http://127.0.0.1:9/none' };
  const scans = createApi<ScansDeps>(SCAN_ROUTES, {
    ...createScansContainer(env, client),
    clock: () => world.clock.nowMs,
    logger: SILENT,
    limiter: () => ok(undefined),
    tellRefusal: async () => undefined,
  });
  const history: Operation[] = [];
  const recent: { readonly scanId: string; readonly barcode: string; readonly device: number }[] =
    [];

  const ask = async (kind: Operation['kind'], scan: (typeof recent)[number]): Promise<void> => {
    const { scanId, barcode, device } = scan;
    const { key = '', deviceId = '' } = devices[device] ?? {};
    const startMs = performance.now();
    const question = { eventId, barcode };
    const reply =
      kind === 'annul'
        ? await scans(`POST /v1/validate/${scanId}/annul`, { key, body: question })
        : await scans('POST /v1/validate', { key, body: { ...question, scanId, direction: kind } });
    const told = reply.body.reason ?? reply.body.outcome ?? reply.body.code;
    history.push({
      kind,
      barcode,
      scanDigest: toScanDigest(deviceId, scanId),
      startMs,
      endMs: performance.now(),
      answer:
        reply.status === 503
          ? 'unknown'
          : kind === 'annul' && reply.status === 200
            ? 'ANNULLED_NOW'
            : told,
      repeated: reply.body.repeated ?? false,
    });
  };

  const note = (made: Sold): void => {
    if (made.barcode === undefined || known.has(made.barcode)) return;
    known.add(made.barcode);
    barcodes.push(made);
  };
  let made = 0;
  const act = async (): Promise<unknown> => {
    const dice = random();
    const target = pick(barcodes);
    if (dice < 0.08) return office.change(target, pick(['block', 'unblock', 'unblock']));
    if (dice < 0.16) return office.exchange(target, random());
    if (dice < 0.16 + SWAPS) {
      const fresh = unseen.pop();
      world.clock.nowMs += 1;
      // Half of them race with the scanners, who mostly win: a swap is a dozen calls, a scan is one.
      const isContested = random() < 0.5;
      if (fresh !== undefined && isContested) barcodes.push(fresh);
      const { status, body } = await office.swap(fresh ?? target);
      if (fresh !== undefined && !isContested) barcodes.push(fresh);
      return status === 201 ? note({ eventTicketId: body.id, barcode: body.barcode }) : undefined;
    }
    if (dice < 0.19 + SWAPS) {
      const { body } = await office.change(target, 'reissue');
      return note({ ...target, barcode: body.barcode });
    }
    const last = recent.length === 0 ? undefined : pick(recent.slice(-DEVICES));
    if (last !== undefined && dice < 0.32) return ask('annul', last);
    if (last !== undefined && dice < 0.42) return ask('entry', last);
    const scan = {
      scanId: `scan-${(made += 1)}`,
      barcode: target.barcode,
      device: Math.floor(random() * DEVICES),
    };
    if (dice < 0.6) return ask('exit', { ...scan, scanId: `exit-${made}` });
    recent.push(scan);
    return ask('entry', scan);
  };

  let left = operations;
  await Promise.all(
    Array.from({ length: WORKERS }, async () => {
      while (left > 0) {
        left -= 1;
        await act();
      }
    }),
  );
  const changes = (await following.read()).flatMap((record) => fromStreamRecord(record) ?? []);
  const writes = Map.groupBy(
    changes.filter(({ after }) => after?.eventId === eventId),
    (write: Write) => write.after?.barcode ?? '',
  );
  const settings = {
    eventId,
    endsAtMs: Infinity,
    reentry,
    gates: new Map(),
    typeNames: new Map(),
  };
  return { history, counts, changes, ...checkHistories(history, writes, settings) };
}

describe.each(['never', 'afterExit'] as const)('with re-entry %s', (reentry) => {
  it('64 workers admit nobody twice, and every answer was true at its time', async () => {
    const operations = runs(500, 50_000);
    const { history, counts, violations, admissions, refusals, changes } = await contest(
      reentry,
      operations,
    );
    expect(violations).toEqual([]);
    // The test has seen what it is about.
    expect(admissions).toBeGreaterThan(operations / 50);
    expect(refusals).toBeGreaterThan(operations / 20);
    expect(Math.min(counts.conflicts, counts.lostReplies)).toBeGreaterThan(operations / 200);
    expect(history.some(({ repeated }) => repeated)).toBe(true);
    const letters = new Set(changes.map(({ after }) => after?.scanMarks[0]?.[0]));
    expect(letters).toEqual(new Set(['E', 'X', 'A', undefined]));
    expect(changes.some(({ after }) => after?.standing === 'REPLACED')).toBe(true);
    expect(changes.some(({ after }) => after?.standing === 'SWAPPED')).toBe(true);
    expect(changes.some(({ after }) => after?.standing === 'BLOCKED')).toBe(true);
    expect(
      changes.some(({ before, after }) => after?.reentryGranted && !before?.reentryGranted),
    ).toBe(true);
    if (inject('isCampaign')) console.log({ reentry, operations, admissions, refusals, ...counts });
  });
});
