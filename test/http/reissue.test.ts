import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import type { Ticket } from '../../lib/domain/ticket.ts';
import { eventTicketsList, padId, ticketLookup } from '../../lib/table/keys.ts';
import { toTicketItem } from '../../lib/table/ticket-item.ts';
import { aTicket } from '../support/builders.ts';
import { createUndoWorld } from '../support/undo-world.ts';

const world = await createUndoWorld();
const { organizers, key, organizationId } = world;
const event = await world.newEvent();
const { eventId } = event;
const device = await organizers('POST /v1/devices', {
  key,
  body: { name: 'Door', eventIds: [eventId] },
});

async function put(overrides: Partial<Ticket> = {}): Promise<Ticket> {
  const ticket = aTicket({ organizationId, eventId, origin: 'SOLD', ...overrides });
  await world.put(ticket);
  return ticket;
}
const reissue = ({ eventTicketId }: Pick<Ticket, 'eventTicketId'>) =>
  organizers(`POST /v1/tickets/${eventTicketId}/reissue`, { key });
const read = async ({ eventTicketId }: Pick<Ticket, 'eventTicketId'>) =>
  (await organizers(`GET /v1/tickets/${eventTicketId}`, { key })).body;
const scan = async (barcode: string, scanId: string) =>
  (
    await world.scans('POST /v1/validate', {
      key: device.body.key,
      body: { scanId, eventId, barcode },
    })
  ).body;
const list = async (query = '') =>
  (await organizers(`GET /v1/events/${eventId}/tickets?limit=100${query}`, { key })).body.items;

describe('a reissue', () => {
  it('gives the ticket a barcode of ours, under which it is what it was, and retires the old one', async () => {
    const ticket = await put({ holderName: 'Ada', section: 'B', note: 'aisle', priceMinor: 500 });
    const before = await read(ticket);
    const reply = await reissue(ticket);
    expect(reply.status).toBe(200);
    const { barcode, history, ...rest } = reply.body;
    expect(barcode).toMatch(/^[0-9A-HJKMNP-TV-Z]{16}$/);
    expect({ ...rest, barcode: ticket.barcode, history: [] }).toEqual(before);
    expect(history).toMatchObject([{ action: 'REISSUED' }]);
    expect(await read(ticket)).toEqual(reply.body);
    const refused = await scan(ticket.barcode, '1');
    expect(refused).toMatchObject({ outcome: 'REFUSED', reason: 'REPLACED' });
    expect(JSON.stringify(refused)).not.toContain(barcode);
    expect(await scan(barcode, '1')).toMatchObject({ outcome: 'ADMITTED' });
  });

  it('again and again leaves one ticket in every list, under the newest barcode', async () => {
    const ticket = await put({ orderId: 77 });
    const barcodes = [ticket.barcode];
    for (let count = 0; count < 3; count += 1) {
      barcodes.push((await reissue(ticket)).body.barcode);
      const found = (await list()).filter(
        (item: Ticket) => item.eventTicketId === ticket.eventTicketId,
      );
      expect(found.map((item: Ticket) => item.barcode)).toEqual([barcodes.at(-1)]);
    }
    expect(new Set(barcodes).size).toBe(4);
    for (const old of barcodes.slice(0, -1)) {
      expect(await scan(old, '1')).toMatchObject({ reason: 'REPLACED' });
    }
  });

  it('keeps what was admitted: nobody else comes in, and whoever is inside can leave', async () => {
    const ticket = await put();
    expect(await scan(ticket.barcode, 'one')).toMatchObject({ outcome: 'ADMITTED' });
    const { barcode, status, admissions } = (await reissue(ticket)).body;
    expect({ status, admissions }).toEqual({ status: 'CHECKED_IN', admissions: 1 });
    // The scan id of the admission is another scan with another barcode.
    expect(await scan(barcode, 'one')).toMatchObject({
      reason: 'ALREADY_USED',
      previous: { deviceId: device.body.deviceId },
    });
    // A scanner that lost the answer still gets it.
    expect(await scan(ticket.barcode, 'one')).toMatchObject({
      outcome: 'ADMITTED',
      repeated: true,
    });
  });

  it('counts its admission once over all items', async () => {
    const ticket = await put();
    await scan(ticket.barcode, '1');
    await reissue(ticket);
    const items = (await world.allItems()).filter((item) => item['tid'] === ticket.eventTicketId);
    expect(items.map(({ std, adm, ins }) => `${std} ${adm} ${ins}`).toSorted()).toEqual([
      'ACTIVE 1 1',
      'REPLACED 0 0',
    ]);
  });

  it('is told to the buyer once, and to nobody when the ticket has no order', async () => {
    const ticket = await put({ orderId: 78 });
    await reissue(ticket);
    await reissue(await put());
    await reissue(await put({ orderId: 79, standing: 'CANCELED' }));
    const outbox = (await world.allItems()).filter(
      ({ message }) => (message as { type?: string } | undefined)?.type === 'mail.reissued',
    );
    const { eventTicketId } = ticket;
    expect(outbox.map(({ message }) => message)).toContainEqual({
      type: 'mail.reissued',
      organizationId,
      orderId: 78,
      eventTicketId,
    });
    const orderIds = outbox.map(({ message }) => (message as { orderId?: number }).orderId);
    expect(orderIds.filter((orderId) => orderId === 78)).toHaveLength(1);
    expect(orderIds).not.toContain(79);
    expect(orderIds).not.toContain(undefined);
  });

  it('of a blocked ticket leaves it blocked', async () => {
    const ticket = await put({ standing: 'BLOCKED' });
    const { barcode } = (await reissue(ticket)).body;
    expect(await scan(barcode, '1')).toMatchObject({ reason: 'BLOCKED' });
    await organizers(`POST /v1/tickets/${ticket.eventTicketId}/unblock`, { key });
    expect(await scan(barcode, '2')).toMatchObject({ outcome: 'ADMITTED' });
  });

  it('leaves nothing personal on the old barcode', async () => {
    const ticket = await put({ holderName: 'Canary', note: 'Canary', contactId: 'con_canary' });
    await reissue(ticket);
    const items = (await world.allItems()).filter((item) => item['std'] === 'REPLACED');
    expect(JSON.stringify(items)).not.toMatch(/canary/i);
  });

  it.each<[string, Partial<Ticket>]>([
    ['swapped', { standing: 'SWAPPED' }],
    ['canceled', { standing: 'CANCELED' }],
    ['held', { heldUntilMs: Number.MAX_SAFE_INTEGER }],
    ['locked', { lockedBy: 'ticketswap' }],
  ])('409 not_reissuable when it is %s', async (_name, overrides) => {
    const ticket = await put(overrides);
    const reply = await reissue(ticket);
    expect(reply).toMatchObject({ status: 409, body: { code: 'not_reissuable' } });
    expect(await read(ticket)).toMatchObject({ barcode: ticket.barcode, history: [] });
  });
});

describe('a reissue against others at the same moment', () => {
  it('never lets a ticket in twice: 64 scans of the old barcode, then of the new one', async () => {
    for (let round = 0; round < 4; round += 1) {
      const ticket = await put();
      const [reissued, ...scans] = await Promise.all([
        reissue(ticket),
        ...Array.from({ length: 64 }, (_, index) => scan(ticket.barcode, `s${index}`)),
      ]);
      expect(reissued.status).toBe(200);
      const after = [];
      for (let index = 0; index < 3; index += 1) {
        after.push(await scan(reissued.body.barcode, `n${index}`));
      }
      const admitted = [...scans, ...after].filter(({ outcome }) => outcome === 'ADMITTED');
      expect(admitted).toHaveLength(1);
      expect(await read(ticket)).toMatchObject({ admissions: 1, barcode: reissued.body.barcode });
    }
  });

  it('of eight reissues each gives a barcode of its own, and one is left', async () => {
    const ticket = await put();
    const replies = await Promise.all(Array.from({ length: 8 }, () => reissue(ticket)));
    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200));
    const barcodes = replies.map(({ body }) => body.barcode);
    expect(new Set(barcodes).size).toBe(8);
    const { barcode, history } = await read(ticket);
    expect(history).toHaveLength(8);
    const outcomes = await Promise.all(barcodes.map(async (each) => scan(each, '1')));
    const open = barcodes.filter((_barcode, index) => outcomes[index].outcome === 'ADMITTED');
    expect(open).toEqual([barcode]);
  });
});

describe('a list whose index lags', () => {
  it('shows a ticket once and under its barcode of now, whichever entries the index has', async () => {
    const old = aTicket({ organizationId, eventId, origin: 'SWAP' });
    const fresh = { ...old, barcode: `${old.barcode}-new`, reissues: 1 };
    const entry = {
      g1: ticketLookup(organizationId, old.eventTicketId),
      g2: eventTicketsList(organizationId, eventId, old.eventTicketId % 8),
      srt: padId(old.eventTicketId),
    };
    const replaced = { ...old, standing: 'REPLACED', replacedBy: fresh.barcode } as const;
    const items = [
      { ...toTicketItem(replaced), ...entry },
      // The new item is not in the index yet, and then it is.
      { ...toTicketItem(fresh), g1: undefined, g2: undefined },
      toTicketItem(fresh),
    ];
    for (const [index, Item] of items.entries()) {
      await world.client.send(
        new PutCommand({
          TableName: world.tableName,
          Item: JSON.parse(JSON.stringify(Item)) as Record<string, unknown>,
        }),
      );
      if (index === 0) continue;
      const shown = (await list('&origin=SWAP')).map((item: Ticket) => item.barcode);
      expect(shown).toEqual([fresh.barcode]);
      expect(await read(old)).toMatchObject({ barcode: fresh.barcode });
    }
  });
});

describe('a reissued ticket of an import', () => {
  it('stays in the accounts of its import, and an undo leaves it and the old barcode alone', async () => {
    const made = await world.newEvent();
    const { importId } = await world.imported(made.eventId, 'barcode,note\nfirst,"x"\nsecond,y\n');
    const [first] = await world.listAll(`/v1/imports/${importId}/tickets`);
    const { barcode } = (await reissue(first)).body;
    const listed = await world.listAll(`/v1/imports/${importId}/tickets`);
    expect(listed.map((ticket) => ticket.barcode)).toEqual([barcode, 'second']);
    const removed = await world.imports(`DELETE /v1/tickets/${first.eventTicketId}`, { key });
    expect(removed).toMatchObject({ status: 409, body: { code: 'not_deletable' } });
    const undone = await world.undone(importId);
    expect(undone).toMatchObject({ status: 'UNDONE_PARTLY', progress: { tickets: 1 } });
    expect(await read(first)).toMatchObject({ barcode, importId, importRow: 1, note: 'x' });
    const again = await world.imported(made.eventId, 'barcode\nfirst\nsecond\n');
    expect(again.progress).toMatchObject({ tickets: 1, duplicates: 1 });
  });

  it('503 while the chunk that made it is not booked', async () => {
    const ticket = await put({ origin: 'IMPORTED', importId: 'imp_none', importRow: 1 });
    expect((await reissue(ticket)).status).toBe(503);
  });
});
