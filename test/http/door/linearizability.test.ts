// Contested operations by many workers over a table that conflicts, throttles and loses replies; the recorded history is
// then checked against the order in which the table says that it was written.
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, inject, it } from 'vitest';
import type { Reentry } from '../../../lib/domain/event.ts';
import { toScanDigest } from '../../../lib/domain/scan-mark.ts';
import { ok } from '../../../lib/domain/result.ts';
import { SCAN_ROUTES } from '../../../lib/http/routes/scans/routes.ts';
import { createScansContainer, type ScansDeps } from '../../../lib/runtime/container/scans.ts';
import { barcodeKey } from '../../../lib/table/keys.ts';
import { fromStreamRecord } from '../../../lib/table/ticket-stream.ts';
import { createApi } from '../../support/api.ts';
import { runs } from '../../support/campaign.ts';
import { type Door, openDoor } from '../../support/door.ts';
import { createFaultyClient, createRandom } from '../../support/faulty-client.ts';
import { follow } from '../../support/following.ts';
import { checkHistories, type Operation, type Write } from '../../support/histories.ts';
import { createWorld, QUIET } from '../../support/world.ts';

const WORKERS = 64;
const DEVICES = 8;
const SEED = 20_261_124;
const FAULTS = { conflict: 0.05, throttle: 0.002, lostReply: 0.2 };

const world = await createWorld();
const following = await follow(world);

/** What block, unblock, swap and exchange do to the admission record. */
const TRANSITIONS = {
  block: { update: 'SET std = :blocked', condition: 'std = :active' },
  unblock: { update: 'SET std = :active', condition: 'std = :blocked' },
  swap: { update: 'SET std = :swapped', condition: 'std = :active AND adm = :zero' },
  grant: {
    update: 'SET gra = :one, chk = :zero',
    condition: 'std = :active AND adm > :zero AND (attribute_not_exists(gra) OR gra = :zero)',
  },
} as const;
const VALUES = { active: 'ACTIVE', blocked: 'BLOCKED', swapped: 'SWAPPED', zero: 0, one: 1 };

async function change(door: Door, barcode: string, what: keyof typeof TRANSITIONS): Promise<void> {
  const { update, condition } = TRANSITIONS[what];
  const used = Object.entries(VALUES).filter(([name]) =>
    `${update} ${condition}`.includes(`:${name}`),
  );
  await world.client
    .send(
      new UpdateCommand({
        TableName: world.tableName,
        Key: barcodeKey(door.organizationId, barcode),
        UpdateExpression: update,
        ConditionExpression: condition,
        ExpressionAttributeValues: Object.fromEntries(used.map(([k, v]) => [`:${k}`, v])),
      }),
    )
    .catch((error: Error) => {
      if (error.name !== 'ConditionalCheckFailedException') throw error;
    });
}

async function contest(reentry: Reentry, operations: number) {
  const door = await openDoor(world, { reentry });
  const random = createRandom(SEED);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const devices = await Promise.all(Array.from({ length: DEVICES }, () => door.newDevice()));
  const tickets = await Promise.all(
    Array.from({ length: Math.ceil(operations / 100) }, () => door.newTicket({ origin: 'SOLD' })),
  );
  const barcodes = tickets.map(({ barcode, eventTicketId }) => ({ barcode, eventTicketId }));
  const known = new Set(barcodes.map(({ barcode }) => barcode));
  const { client, counts } = createFaultyClient(FAULTS, SEED);
  const env = { TABLE_NAME: world.tableName, SCANS_QUEUE_URL: 'http://127.0.0.1:9/none' };
  const scans = createApi<ScansDeps>(SCAN_ROUTES, {
    ...createScansContainer(env, client),
    clock: () => world.clock.nowMs,
    logger: { ...QUIET, error: () => undefined },
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
    const question = { eventId: door.eventId, barcode };
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

  let made = 0;
  const act = async (): Promise<void> => {
    const dice = random();
    const target = pick(barcodes);
    if (dice < 0.16)
      return change(door, target.barcode, pick(['block', 'unblock', 'unblock', 'grant']));
    if (dice < 0.165) return change(door, target.barcode, 'swap');
    if (dice < 0.18) {
      const path = `/v1/tickets/${target.eventTicketId}/reissue` as const;
      const { body } = await world.organizers(`POST ${path}`, { key: door.organizer, body: {} });
      if (body.barcode !== undefined && !known.has(body.barcode)) {
        known.add(body.barcode);
        barcodes.push({ barcode: body.barcode, eventTicketId: target.eventTicketId });
      }
      return;
    }
    const last = recent.length === 0 ? undefined : pick(recent.slice(-DEVICES));
    if (last !== undefined && dice < 0.3) return ask('annul', last);
    if (last !== undefined && dice < 0.4) return ask('entry', last);
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
    changes.filter(({ after }) => after?.eventId === door.eventId),
    (write: Write) => write.after?.barcode ?? '',
  );
  const settings = {
    eventId: door.eventId,
    endsAtMs: Infinity,
    reentry,
    gates: new Map(),
    typeNames: new Map(),
  };
  return { history, counts, changes, ...checkHistories(history, writes, settings) };
}

describe.each(['never', 'afterExit'] as const)('with re-entry %s', (reentry) => {
  it('64 workers admit nobody twice, and every answer was true at its time', async () => {
    const operations = runs(1_500, 50_000);
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
    if (inject('isCampaign')) console.log({ reentry, operations, admissions, refusals, ...counts });
  });
});
