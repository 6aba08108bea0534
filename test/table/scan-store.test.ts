import { TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REENTRY_POLICIES } from '../../lib/domain/event.ts';
import { ANNUL_MS_MAX, decideAnnul } from '../../lib/domain/annul.ts';
import { decideScan, type DoorSettings, findClosedReason } from '../../lib/domain/scan.ts';
import { createScanStore } from '../../lib/table/scan-store.ts';
import { toTicketItem } from '../../lib/table/ticket-item.ts';
import { aRandomTicket } from '../support/arbitraries.ts';
import { runs } from '../support/campaign.ts';
import { createTestTable } from '../support/table.ts';
import { aTicket } from '../support/builders.ts';

const NOW_MS = Date.UTC(2026, 5, 1, 20);
const table = await createTestTable();
const store = createScanStore({ client: table.bare, tableName: table.tableName });
const put = (ticket: Parameters<typeof toTicketItem>[0]) =>
  table.client.send(new PutCommand({ TableName: table.tableName, Item: toTicketItem(ticket) }));

const aQuestion = fc.record(
  {
    eventId: fc.constant('event'),
    direction: fc.constantFrom('entry' as const, 'entry' as const, 'exit' as const),
    scanDigest: fc.constantFrom('d1', 'd4'),
    gateId: fc.constantFrom('main', 'side'),
  },
  { requiredKeys: ['eventId', 'direction', 'scanDigest'] },
);
const someSettings = fc.record({
  eventId: fc.constant('event'),
  endsAtMs: fc.constant(NOW_MS + 1),
  reentry: fc.constantFrom(...REENTRY_POLICIES),
  gates: fc.constant(new Map([['main', { ticketTypeIds: [1] }]])),
  typeNames: fc.constant(new Map([[1, 'Regular']])),
}) satisfies fc.Arbitrary<DoorSettings>;

const toWrite = (ticket: { organizationId: string; barcode: string }) => ({
  organizationId: ticket.organizationId,
  barcode: ticket.barcode,
  question: { eventId: 'event', direction: 'entry' as const, scanDigest: 'digest' },
  settings: {
    eventId: 'event',
    endsAtMs: Infinity,
    reentry: 'never' as const,
    gates: new Map(),
    typeNames: new Map(),
  },
  deviceId: 'key_1',
  atMs: NOW_MS,
});

describe("the condition of a scan's write", () => {
  it('holds exactly when the decision lets a new scan pass, and the write does what a scan does', async () => {
    await fc.assert(
      fc.asyncProperty(
        aRandomTicket,
        aQuestion,
        someSettings,
        async (ticket, question, settings) => {
          fc.pre(findClosedReason(question, settings, NOW_MS) === undefined);
          await put(ticket);
          const { organizationId, barcode } = ticket;
          const scan = {
            organizationId,
            barcode,
            question,
            settings,
            deviceId: 'key_9',
            atMs: NOW_MS,
          };
          const decision = decideScan(ticket, question, settings, NOW_MS);
          const commit = await store.commit(scan);
          expect(commit.committed).toBe(decision.pass && !decision.repeated);
          if (!commit.committed) {
            expect(commit.existing).toEqual(ticket);
            return;
          }
          const isEntry = question.direction === 'entry';
          expect(commit.ticket).toMatchObject({
            checkedIn: isEntry,
            inside: isEntry,
            admissions: ticket.admissions + Number(isEntry),
          });
          // An entry uses a grant up, an exit leaves it.
          expect(commit.ticket.reentryGranted ?? false).toBe(
            !isEntry && ticket.reentryGranted === true,
          );
          expect(commit.ticket.scanMarks).toEqual(
            [(isEntry ? 'E' : 'X') + question.scanDigest, ...ticket.scanMarks].slice(0, 4),
          );
          const again = decideScan(commit.ticket, question, settings, NOW_MS);
          expect(again).toMatchObject({
            pass: true,
            repeated: true,
            direction: question.direction,
          });
        },
      ),
      { numRuns: runs(200, 4_000) },
    );
  });
});

describe('the condition of an annul', () => {
  it('holds exactly when the decision says so, and the write gives back what the entry took', async () => {
    await fc.assert(
      fc.asyncProperty(aRandomTicket, fc.constantFrom('d1', 'd4'), async (random, scanDigest) => {
        // Often enough the newest scan.
        const ticket = {
          ...random,
          scanMarks: random.scanMarks.toSorted((mark) => (mark.endsWith(scanDigest) ? -1 : 1)),
        };
        await put(ticket);
        const { organizationId, barcode } = ticket;
        const question = { eventId: 'event', deviceId: 'key_1', scanDigest };
        const atMs = NOW_MS + ANNUL_MS_MAX - 500;
        const decision = decideAnnul(ticket, question, atMs);
        const commit = await store.annul({ ...question, organizationId, barcode, atMs });
        expect(commit.committed).toBe(decision === 'annul');
        if (!commit.committed) {
          expect(commit.existing).toEqual(ticket);
          return;
        }
        const { beforeEntry, lastAdmission: _last, ...rest } = ticket;
        const { admission, ...was } = beforeEntry ?? {};
        expect(commit.ticket).toEqual({
          ...rest,
          ...was,
          ...(admission === undefined ? {} : { lastAdmission: admission }),
          admissions: ticket.admissions - 1,
          annulledAtMs: atMs,
          scanMarks: [`A${scanDigest}`, ...ticket.scanMarks.slice(1)],
        });
        expect(decideAnnul(commit.ticket, question, atMs)).toBe('annulled');
      }),
      { numRuns: runs(200, 4_000) },
    );
  });

  it('takes an entry back for 15 minutes and no longer', async () => {
    const ticket = aTicket({ organizationId: 'org_1', eventId: 'event' });
    await put(ticket);
    await store.commit(toWrite(ticket));
    const { organizationId, barcode } = ticket;
    const annul = { organizationId, barcode, eventId: 'event', deviceId: 'key_1' };
    const late = { ...annul, scanDigest: 'digest', atMs: NOW_MS + ANNUL_MS_MAX + 1 };
    expect(await store.annul(late)).toMatchObject({ committed: false });
    const inTime = await store.annul({ ...late, atMs: NOW_MS + ANNUL_MS_MAX });
    expect(inTime.committed && inTime.ticket).toEqual({
      ...ticket,
      scanMarks: ['Adigest'],
      reentryGranted: false,
      annulledAtMs: NOW_MS + ANNUL_MS_MAX,
    });
  });
});

describe('a scan that meets another write', () => {
  const conflictTimes = (times: number): void => {
    let left = times;
    table.bare.middlewareStack.add(
      (next) => (args) => {
        left -= 1;
        if (left < 0) return next(args);
        throw new TransactionConflictException({ message: 'conflict', $metadata: {} });
      },
      { step: 'initialize', name: 'conflict' },
    );
  };

  it('is tried up to five times more and then decided', async () => {
    const ticket = aTicket({ organizationId: 'org_1', eventId: 'event' });
    await put(ticket);
    conflictTimes(5);
    expect(await store.commit(toWrite(ticket))).toMatchObject({ committed: true });
    table.bare.middlewareStack.remove('conflict');
  });

  it('fails as a conflict after that and has admitted nobody', async () => {
    const ticket = aTicket({ organizationId: 'org_1', eventId: 'event' });
    await put(ticket);
    conflictTimes(Infinity);
    await expect(store.commit(toWrite(ticket))).rejects.toThrow('conflict');
    table.bare.middlewareStack.remove('conflict');
    expect(await store.find(ticket.organizationId, ticket.barcode)).toEqual(ticket);
  });

  it('answers its own admission when the reply of the first try was lost', async () => {
    const ticket = aTicket({ organizationId: 'org_1', eventId: 'event' });
    await put(ticket);
    let lost = false;
    table.bare.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        if (lost) return result;
        lost = true;
        throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
      },
      { step: 'finalizeRequest', name: 'loseReply', priority: 'low' },
    );
    const commit = await store.commit(toWrite(ticket));
    table.bare.middlewareStack.remove('loseReply');
    expect(lost).toBe(true);
    const existing = commit.committed ? undefined : commit.existing;
    expect(
      decideScan(existing, toWrite(ticket).question, toWrite(ticket).settings, NOW_MS),
    ).toMatchObject({ pass: true, repeated: true });
  });
});
