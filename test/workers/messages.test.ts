import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { toContactId } from '../../lib/domain/contact.ts';
import { createContactStore } from '../../lib/table/contact-store.ts';
import { createSuppressionStore } from '../../lib/table/suppression-store.ts';
import { barcodeKey, contactKey } from '../../lib/table/keys.ts';
import { createMailWorld } from '../support/mail-world.ts';

const world = await createMailWorld();
const { key, organizationId } = world;
const secret = await createContactStore(world).loadSecret(organizationId);
const suppressions = createSuppressionStore(world);

const TYPES = [{ name: 'Regular' }, { name: 'VIP' }];
const aRow = (name: string, type = 'Regular', of = name): string =>
  `${name}-${type},${type},${of}@messages.example`;

async function eventWith(...rows: readonly string[]) {
  const event = await world.newEvent({}, TYPES);
  const content = ['barcode,ticket type,email', ...rows, ''].join('\n');
  if (rows.length > 0) await world.imported(event.eventId, content);
  const types = await world.organizers(`GET /v1/events/${event.eventId}/ticket-types`, { key });
  return { eventId: String(event.eventId), types: types.body.items };
}

const send = async (eventId: string, body: Record<string, unknown> = {}) => {
  world.clock.nowMs += 1;
  const path = `POST /v1/events/${eventId}/messages` as const;
  const message = { subject: 'Doors at eight', text: 'Bring a coat.', ...body };
  return world.organizers(path, { key, body: message });
};
const listMessages = async (eventId: string) =>
  (await world.organizers(`GET /v1/events/${eventId}/messages`, { key })).body.items;
const countIn = async (name: string) => (await world.inbox(`${name}@messages.example`)).length;

describe("the organizer's message", () => {
  it('reaches each contact of the event once, in text and HTML, with answers going to the organization', async () => {
    await world.organizers('PATCH /v1/organization', {
      key,
      body: { email: 'hall@messages.example' },
    });
    const { eventId } = await eventWith(aRow('ada'), aRow('ada', 'VIP'), aRow('bob'), 'x,VIP,');
    const sent = await send(eventId, { text: 'Bring a <b>coat</b>.\n\nSee you!' });
    expect(sent).toMatchObject({ status: 201, body: { status: 'SENDING', recipients: 0 } });
    expect(await world.settle()).toBe(0);
    const [mail, ...others] = await world.inbox('ada@messages.example');
    expect(others).toEqual([]);
    expect(mail).toMatchObject({
      from: '"Test Hall" <tickets@hall.example>',
      replyTo: ['hall@messages.example'],
      subject: 'Doors at eight',
      body: { text: expect.stringContaining('Bring a <b>coat</b>.') },
    });
    expect(mail?.body.html).toContain('Bring a &lt;b&gt;coat&lt;/b&gt;.');
    expect(await countIn('bob')).toBe(1);
    expect(await listMessages(eventId)).toMatchObject([
      { messageId: sent.body.messageId, status: 'SENT', recipients: 2, sent: 2, skipped: 0 },
    ]);
  });

  it('passes over suppressed and erased contacts, and tickets that no longer admit', async () => {
    const names = ['sup', 'late', 'gone', 'canceled', 'swapped', 'blocked', 'fine'];
    const { eventId } = await eventWith(...names.map((name) => aRow(name)));
    const idOf = (name: string) => toContactId(`${name}@messages.example`, secret);
    const suppress = async (name: string) =>
      suppressions.suppress({ organizationId, contactId: idOf(name), cause: 'bounce', nowMs: 1 });
    await suppress('sup');
    const setStanding = async (name: string, standing: string) =>
      world.client.send(
        new UpdateCommand({
          TableName: world.tableName,
          Key: barcodeKey(organizationId, `${name}-Regular`),
          UpdateExpression: 'SET std = :standing',
          ExpressionAttributeValues: { ':standing': standing },
        }),
      );
    await setStanding('canceled', 'CANCELED');
    await setStanding('swapped', 'SWAPPED');
    await setStanding('blocked', 'BLOCKED');
    await send(eventId);
    await world.dispatch(await world.streamed());
    expect(await world.mailWorker('messages')(...(await world.takeAll('messages')))).toBe(0);
    // Between queueing and sending an address bounces and a contact is erased.
    await suppress('late');
    const { tableName: TableName } = world;
    const Key = contactKey(organizationId, idOf('gone'));
    await world.client.send(new DeleteCommand({ TableName, Key }));
    expect(await world.settle()).toBe(0);
    const got = await Promise.all(names.map(countIn));
    expect(got).toEqual([0, 0, 0, 0, 0, 1, 1]);
    expect(await listMessages(eventId)).toMatchObject([
      { status: 'SENT', recipients: 5, sent: 2, suppressed: 2, skipped: 1 },
    ]);
  });

  it('goes to holders of the types and origin asked for', async () => {
    const { eventId, types } = await eventWith(aRow('reg'), aRow('vip', 'VIP'));
    await send(eventId, { ticketTypeIds: [types[1].ticketTypeId], origin: 'IMPORTED' });
    await send(eventId, { origin: 'SOLD' });
    await world.settle();
    expect([await countIn('reg'), await countIn('vip')]).toEqual([0, 1]);
    expect(
      (await listMessages(eventId)).map(({ recipients }: { recipients: number }) => recipients),
    ).toEqual([0, 1]);
  });

  it('spread by many calls, each of which ends after a page, reaches everybody once', async () => {
    const { eventId } = await eventWith(
      ...Array.from({ length: 230 }, (_, at) => aRow(`many${at}`, 'VIP', `many${at % 40}`)),
    );
    await send(eventId);
    await world.dispatch(await world.streamed());
    let ticks = 0;
    const clock = () => world.clock.nowMs + (ticks += 1);
    const hasty = world.mailWorker('messages', { spreadMs: 2, clock });
    const positions: number[] = [];
    for (let open = await world.takeAll('messages'); open.length > 0;) {
      expect(await hasty(...open)).toBe(0);
      open = await world.takeAll('messages');
      positions.push(open.filter((message) => isOfType(message, 'mail.message')).length);
    }
    // Three pages, each by a call of its own; everybody is met on the first one.
    expect(positions).toEqual([1, 1, 0]);
    expect(await listMessages(eventId)).toMatchObject([
      { recipients: 40, sent: 40, status: 'SENT' },
    ]);
    expect(await countIn('many0')).toBe(1);
    expect(await countIn('many39')).toBe(1);
  });
});

const isOfType = (message: unknown, type: string): boolean =>
  (message as { type?: unknown }).type === type;

describe('POST …/messages', () => {
  it('201 with an id of its own; the same again is the same message, another one is refused', async () => {
    const { eventId } = await eventWith();
    const first = await send(eventId, { messageId: 'coat' });
    expect(first).toMatchObject({ status: 201, body: { messageId: 'coat' } });
    expect((await send(eventId, { messageId: 'coat' })).body).toEqual(first.body);
    const other = await send(eventId, { messageId: 'coat', text: 'No coat.' });
    expect(other).toMatchObject({ status: 409, body: { code: 'already_exists' } });
    expect(await listMessages(eventId)).toHaveLength(1);
  });

  it('404 for an event that is not there', async () => {
    expect(await send('evt_unknown')).toMatchObject({ status: 404 });
  });

  it('422 for what can not be in a mail, all at once', async () => {
    const { eventId } = await eventWith();
    const reply = await send(eventId, {
      subject: 'a\r\nBcc: b@messages.example',
      text: 'bell \u0007',
    });
    expect(reply.status).toBe(422);
    expect(reply.body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/subject',
      '/text',
    ]);
  });

  it('lists newest first, page by page', async () => {
    const { eventId } = await eventWith();
    for (const messageId of ['a', 'b', 'c']) {
      await send(eventId, { messageId });
    }
    const path = `GET /v1/events/${eventId}/messages?limit=2` as const;
    const { body } = await world.organizers(path, { key });
    expect(body.items.map(({ messageId }: { messageId: string }) => messageId)).toEqual(['c', 'b']);
    const next = await world.organizers(`${path}&cursor=${body.nextCursor}`, { key });
    expect(next.body.items).toMatchObject([{ messageId: 'a' }]);
    expect(await world.organizers(`${path}&cursor=x`, { key })).toMatchObject({ status: 422 });
  });
});
