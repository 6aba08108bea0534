import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../lib/domain/ticket.ts';
import { aTicket, anEvent } from '../support/builders.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { organizationId, key } = await world.newOrganization();

async function setup(settings: Record<string, unknown> = {}, ticket: Partial<Ticket> = {}) {
  const event = await world.organizers('POST /v1/events', { key, body: anEvent(settings) });
  const { eventId } = event.body;
  const type = await world.organizers(`POST /v1/events/${eventId}/ticket-types`, {
    key,
    body: { name: 'Regular', price: { amountMinor: 2000, currency: 'EUR' } },
  });
  const device = await world.organizers('POST /v1/devices', {
    key,
    body: { name: 'Door 1', eventIds: [eventId], gateId: 'main' },
  });
  const stored = aTicket({
    organizationId,
    eventId,
    ticketTypeId: type.body.ticketTypeId,
    holderName: 'Zoë de Vries',
    ...ticket,
  });
  await world.put(stored);
  let scans = 0;
  const scan = (overrides: Record<string, unknown> = {}) =>
    world.scans('POST /v1/validate', {
      key: device.body.key,
      body: { scanId: `scan-${(scans += 1)}`, eventId, barcode: stored.barcode, ...overrides },
    });
  return { eventId, device: device.body, ticket: stored, scan };
}

describe('200 validate', () => {
  it('admits a ticket once and then refuses it with the first scan', async () => {
    const { scan, ticket, device } = await setup();
    const first = await scan();
    expect(first).toMatchObject({ status: 200 });
    expect(first.body).toEqual({
      outcome: 'ADMITTED',
      repeated: false,
      ticket: {
        eventTicketId: ticket.eventTicketId,
        ticketTypeId: ticket.ticketTypeId,
        ticketTypeName: 'Regular',
        holderName: 'Zoë de Vries',
        origin: 'IMPORTED',
      },
    });
    const at = new Date(world.clock.nowMs).toISOString();
    expect((await scan()).body).toMatchObject({
      outcome: 'REFUSED',
      reason: 'ALREADY_USED',
      repeated: false,
      previous: { at, deviceId: device.deviceId, gateId: 'main' },
    });
  });

  it('answers the same admission when the same scan is sent again', async () => {
    const { scan } = await setup();
    const first = await scan({ scanId: 'again' });
    for (let repeat = 0; repeat < 3; repeat += 1) {
      const again = await scan({ scanId: 'again' });
      expect(again.body).toEqual({ ...first.body, repeated: true });
    }
  });

  it('judges the scan id of another device as another scan', async () => {
    const { scan, eventId, ticket } = await setup();
    await scan({ scanId: 'same' });
    const body = { name: 'Door 2', eventIds: [eventId] };
    const other = await world.organizers('POST /v1/devices', { key, body });
    const reply = await world.scans('POST /v1/validate', {
      key: other.body.key,
      body: { scanId: 'same', eventId, barcode: ticket.barcode },
    });
    expect(reply.body).toMatchObject({
      outcome: 'REFUSED',
      reason: 'ALREADY_USED',
      repeated: false,
    });
  });

  it('changes nothing with mode check', async () => {
    const { scan } = await setup();
    expect((await scan({ mode: 'check' })).body).toMatchObject({
      outcome: 'VALID',
      repeated: false,
    });
    expect((await scan()).body.outcome).toBe('ADMITTED');
    expect((await scan({ mode: 'check' })).body).toMatchObject({
      outcome: 'REFUSED',
      reason: 'ALREADY_USED',
    });
  });

  it("takes a scanner's artefacts off and keeps everything else", async () => {
    const { scan, ticket } = await setup({}, { barcode: ' 871*\u00a0+é ' });
    expect((await scan({ barcode: ticket.barcode.trim() })).body.reason).toBe('UNKNOWN');
    expect((await scan({ barcode: `\\000026${ticket.barcode}\r\n` })).body.outcome).toBe(
      'ADMITTED',
    );
  });

  it('admits with an open balance and says so', async () => {
    const { scan } = await setup({}, { payment: 'PARTLY' });
    expect((await scan()).body).toMatchObject({ outcome: 'ADMITTED', attention: 'BALANCE_DUE' });
  });

  it('admits once a hold is over', async () => {
    const { scan } = await setup({}, { heldUntilMs: world.clock.nowMs });
    expect((await scan()).body.outcome).toBe('ADMITTED');
  });

  it.each([
    ['never', ['ADMITTED', 'EXITED', 'ALREADY_USED', 'NOT_INSIDE']],
    ['afterExit', ['ADMITTED', 'EXITED', 'ADMITTED', 'EXITED']],
    ['always', ['ADMITTED', 'EXITED', 'ADMITTED', 'EXITED']],
  ])('with re-entry %s: in, out, in, out is %j', async (reentry, expected) => {
    const { scan } = await setup({ reentry });
    const answers: string[] = [];
    for (const direction of ['entry', 'exit', 'entry', 'exit']) {
      const { outcome, reason } = (await scan({ direction })).body;
      answers.push(reason ?? outcome);
    }
    expect(answers).toEqual(expected);
  });
});

describe('one call', () => {
  it('an admission, a refusal and a repeat are one DynamoDB call each, of one write unit', async () => {
    const { scan } = await setup();
    await scan({ mode: 'check' });
    const calls: string[] = [];
    const units: unknown[] = [];
    world.bare.middlewareStack.add(
      (next, context) => async (args) => {
        calls.push(String(context.commandName));
        const input = { ...args.input, ReturnConsumedCapacity: 'INDEXES' as const };
        const result = await next({ ...args, input });
        units.push((result.output as { ConsumedCapacity?: unknown }).ConsumedCapacity);
        return result;
      },
      { step: 'initialize', name: 'count' },
    );
    await scan({ scanId: 'first' });
    // One unit of the table, and none of an index: no index is even named.
    expect(units).toMatchObject([{ CapacityUnits: 1, Table: { CapacityUnits: 1 } }]);
    expect(units[0]).not.toHaveProperty('GlobalSecondaryIndexes');
    await scan({ scanId: 'second' });
    await scan({ scanId: 'first' });
    await scan({ barcode: 'unknown one' });
    world.bare.middlewareStack.remove('count');
    expect(calls).toEqual(Array.from({ length: 4 }, () => UpdateItemCommand.name));
  });

  it('64 scans of one barcode at the same moment admit one', async () => {
    const { scan } = await setup();
    const replies = await Promise.all(Array.from({ length: 64 }, () => scan()));
    const answers = replies.map(({ body }) => body.reason ?? body.outcome);
    expect(answers.filter((answer) => answer === 'ADMITTED')).toHaveLength(1);
    expect(answers.filter((answer) => answer === 'ALREADY_USED')).toHaveLength(63);
  });
});

describe('503', () => {
  it.each(['TransactionConflictException', 'ThrottlingException', 'TimeoutError'])(
    'with a time to try again when the table answers nothing but %s',
    async (name) => {
      const { scan } = await setup();
      await scan({ mode: 'check' });
      world.bare.middlewareStack.add(
        () => () => {
          throw Object.assign(new Error(name), { name });
        },
        { step: 'initialize', name: 'fail' },
      );
      const reply = await scan();
      world.bare.middlewareStack.remove('fail');
      expect(reply).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect(reply.headers['retry-after']).toBe('1');
      expect((await scan()).body.outcome).toBe('ADMITTED');
    },
  );
});

describe('404', () => {
  it('for an event that the device may not scan and for one that does not exist', async () => {
    const { scan } = await setup();
    const other = await setup();
    const foreign = await scan({ eventId: other.eventId });
    const unknown = await scan({ eventId: 'nowhere' });
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    expect({ ...foreign.body, instance: '' }).toEqual({ ...unknown.body, instance: '' });
  });

  it('for a gate that is not the one of the device', async () => {
    const gates = [
      { gateId: 'main', name: 'Main', ticketTypeIds: [1] },
      { gateId: 'side', name: 'Side' },
    ];
    const { scan } = await setup({ gates });
    for (const gateId of ['side', 'made-up']) {
      expect((await scan({ gateId })).status).toBe(404);
      expect((await scan({ gateId, mode: 'check' })).status).toBe(404);
    }
    expect((await scan({ gateId: 'main' })).body.reason).toBe('WRONG_GATE');
  });
});

describe('422', () => {
  it('tells every fault at once with its pointer and without the value', async () => {
    const { scan } = await setup();
    const reply = await scan({
      scanId: '',
      eventId: '#',
      barcode: 7,
      direction: 'up',
      extra: 'secret',
    });
    expect(reply.status).toBe(422);
    const pointers = reply.body.errors.map((fault: { pointer: string }) => fault.pointer);
    expect(new Set(pointers)).toEqual(
      new Set(['/scanId', '/eventId', '/barcode', '/direction', '/extra']),
    );
    expect(JSON.stringify(reply.body)).not.toContain('secret');
    for (const fault of reply.body.errors) expect(fault.detail).not.toBe('Invalid input');
  });
});
