import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../lib/domain/ticket.ts';
import { barcodeKey } from '../../lib/table/keys.ts';
import { aTicket, anEvent } from '../support/builders.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { organizers } = world;
const { key, keyId, organizationId } = await world.newOrganization();
const event = await organizers('POST /v1/events', { key, body: anEvent() });
const { eventId } = event.body;
const device = await organizers('POST /v1/devices', {
  key,
  body: { name: 'Door', eventIds: [eventId] },
});

async function put(overrides: Partial<Ticket> = {}): Promise<Ticket> {
  const ticket = aTicket({ organizationId, eventId, ...overrides });
  await world.put(ticket);
  return ticket;
}
const change = ({ eventTicketId }: Ticket, name: string) =>
  organizers(`POST /v1/tickets/${eventTicketId}/${name}`, { key });
const scan = ({ barcode }: Ticket, scanId: string) =>
  world.scans('POST /v1/validate', { key: device.body.key, body: { scanId, eventId, barcode } });
const toActions = ({ body }: { body: { history: { action: string }[] } }) =>
  body.history.map(({ action }) => action);

describe('block and unblock', () => {
  it('keep a ticket out until it is unblocked, each with who did it and when', async () => {
    const ticket = await put();
    const blocked = await change(ticket, 'block');
    expect(blocked).toMatchObject({ status: 200, body: { status: 'BLOCKED' } });
    expect((await scan(ticket, '1')).body).toMatchObject({ reason: 'BLOCKED' });
    const unblocked = await change(ticket, 'unblock');
    expect(unblocked.body).toMatchObject({ status: 'REGISTERED' });
    const at = new Date(world.clock.nowMs).toISOString();
    expect(unblocked.body.history).toEqual([
      { action: 'UNBLOCKED', by: keyId, at },
      { action: 'BLOCKED', by: keyId, at },
    ]);
    expect((await scan(ticket, '2')).body).toMatchObject({ outcome: 'ADMITTED' });
  });

  it('restore a ticket that was checked in, still used', async () => {
    const ticket = await put();
    await scan(ticket, '1');
    await change(ticket, 'block');
    expect((await change(ticket, 'unblock')).body).toMatchObject({
      status: 'CHECKED_IN',
      admissions: 1,
    });
    expect((await scan(ticket, '2')).body).toMatchObject({ reason: 'ALREADY_USED' });
  });

  it('sent again answer the ticket as it is and leave one entry', async () => {
    const ticket = await put();
    const replies = await Promise.all(Array.from({ length: 8 }, () => change(ticket, 'block')));
    expect(replies.map(({ status, body }) => `${status} ${body.status}`)).toEqual(
      Array.from({ length: 8 }, () => '200 BLOCKED'),
    );
    const read = await organizers(`GET /v1/tickets/${ticket.eventTicketId}`, { key });
    expect(toActions(read)).toEqual(['BLOCKED']);
  });

  it('409 not_blockable for a swapped, canceled or held ticket', async () => {
    const nowMs = world.clock.nowMs;
    const cases: readonly [Partial<Ticket>, string][] = [
      [{ standing: 'SWAPPED' }, 'block'],
      [{ standing: 'CANCELED' }, 'unblock'],
      [{ heldUntilMs: nowMs + 1 }, 'block'],
    ];
    for (const [overrides, name] of cases) {
      const reply = await change(await put(overrides), name);
      expect(reply).toMatchObject({ status: 409, body: { code: 'not_blockable' } });
    }
    const free = await put({ heldUntilMs: nowMs });
    expect((await change(free, 'block')).status).toBe(200);
  });

  it('a block against a hold of the same moment: the one that commits first wins', async () => {
    const tickets = await Promise.all(Array.from({ length: 20 }, () => put()));
    const hold = async (ticket: Ticket) =>
      world.client
        .send(
          new UpdateCommand({
            TableName: world.tableName,
            Key: barcodeKey(organizationId, ticket.barcode),
            UpdateExpression: 'SET hld = :until',
            ConditionExpression: 'std = :active',
            ExpressionAttributeValues: { ':until': world.clock.nowMs + 1e6, ':active': 'ACTIVE' },
          }),
        )
        .then(() => 'held')
        .catch(() => 'refused');
    for (const ticket of tickets) {
      const [held, blocked] = await Promise.all([hold(ticket), change(ticket, 'block')]);
      expect(`${held} ${blocked.status}`).toMatch(/^(held 409|refused 200)$/);
    }
  });
});
