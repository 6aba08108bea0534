import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { toTicketItem } from '../../lib/table/ticket-item.ts';
import { aTicket, anEvent } from '../support/builders.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { organizers } = world;
const { key, organizationId } = await world.newOrganization();
const newEvent = async () => (await organizers('POST /v1/events', { key, body: anEvent() })).body;
const pointersOf = (reply: { body: { errors: { pointer: string }[] } }) =>
  reply.body.errors.map((fault) => fault.pointer);

describe('tickets', () => {
  it('are read by id and listed by event, page by page, without loss or repetition', async () => {
    const { eventId } = await newEvent();
    const tickets = Array.from({ length: 50 }, (_, index) =>
      aTicket({ organizationId, eventId, origin: index % 5 === 0 ? 'SOLD' : 'IMPORTED' }),
    );
    await world.putAll(tickets);
    const [some] = tickets;
    const read = await organizers(`GET /v1/tickets/${some?.eventTicketId}`, { key });
    expect(read.body).toMatchObject({
      barcode: some?.barcode,
      status: 'REGISTERED',
      origin: 'SOLD',
    });
    const collect = async (query: string) => {
      const ids: number[] = [];
      for (let cursor: string | undefined = ''; cursor !== undefined;) {
        const at = cursor === '' ? '' : `&cursor=${cursor}`;
        const page = await organizers(`GET /v1/events/${eventId}/tickets?limit=14${query}${at}`, {
          key,
        });
        expect(page.status).toBe(200);
        ids.push(...page.body.items.map((item: { eventTicketId: number }) => item.eventTicketId));
        cursor = page.body.nextCursor;
      }
      return ids;
    };
    const expected = tickets.map((ticket) => ticket.eventTicketId).toSorted((a, b) => a - b);
    expect(await collect('')).toEqual(expected);
    expect(await collect('&origin=SOLD')).toHaveLength(10);
    expect(await collect('&status=CHECKED_IN')).toEqual([]);
  });

  it('are listed without loss or repetition while more are added before and behind', async () => {
    const { eventId } = await newEvent();
    const at = (eventTicketId: number) =>
      world.put(aTicket({ organizationId, eventId, eventTicketId }));
    const first = 1_000_000;
    await Promise.all(Array.from({ length: 200 }, (_, index) => at(first + index * 10)));
    const ids: number[] = [];
    let pages = 0;
    for (let cursor: string | undefined = ''; cursor !== undefined; pages += 1) {
      await Promise.all([at(1_000 + pages), at(first + pages * 50 + 1), at(9_000_000 + pages)]);
      const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await organizers(`GET /v1/events/${eventId}/tickets?limit=23${more}`, { key });
      ids.push(...page.body.items.map((item: { eventTicketId: number }) => item.eventTicketId));
      cursor = page.body.nextCursor;
    }
    expect(pages).toBeGreaterThan(8);
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
    const before = ids.filter((id) => id >= first && id < 9_000_000 && id % 10 === 0);
    expect(before).toHaveLength(200);
  });

  it('of another event are not listed while an index still leads to their barcode', async () => {
    const [one, two] = [await newEvent(), await newEvent()];
    const stale = aTicket({ organizationId, eventId: one.eventId });
    const fresh = { ...stale, eventId: two.eventId, eventTicketId: stale.eventTicketId + 1e6 };
    const { g2, srt } = toTicketItem(stale);
    const Item = { ...toTicketItem(fresh), g2, srt };
    await world.client.send(new PutCommand({ TableName: world.tableName, Item }));
    const listed = await organizers(`GET /v1/events/${one.eventId}/tickets`, { key });
    expect(listed.body.items).toEqual([]);
  });

  it.each([
    ['not ours', 'nope'],
    ['empty', 'c1.'],
    ['of another list', `c1.${'x'.repeat(16)}`],
  ])('422 for a cursor that is %s', async (_name, text) => {
    const { eventId } = await newEvent();
    const cursor = Buffer.from(text).toString('base64url');
    const reply = await organizers(`GET /v1/events/${eventId}/tickets?cursor=${cursor}`, { key });
    expect(pointersOf(reply)).toEqual(['/query/cursor']);
  });
});
