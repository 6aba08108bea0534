// A linked import: what one organization's swaps do at the door of another one that imported its export.
import { describe, expect, it } from 'vitest';
import { createLinkWorld, type Hall, type SoldTicket } from '../../support/link-world.ts';
import { follow } from '../../support/following.ts';
import { parseCsv } from '../../support/read-csv.ts';
import { createScanner } from '../../support/scanner.ts';

const world = await createLinkWorld();
const [seller, door] = [await world.newOwner(), await world.newOwner()];

/** A hall that sells, and the one that imported its tickets. */
async function linked(quantity = 1, scanning: Record<string, unknown> = {}) {
  const from = await world.newHall(seller);
  const sold = await world.sell(from, quantity);
  const at = await world.importInto(door, from);
  if (Object.keys(scanning).length > 0) {
    const path = `/v1/events/${at.eventId}` as const;
    await world.organizers(`PATCH ${path}`, { key: door.key, body: scanning });
  }
  return { from, at, sold: sold[0] as SoldTicket };
}
const swapped = async (barcode: string, email = 'grace@example.com'): Promise<string> => {
  const reply = await world.swap(seller, barcode, { email });
  expect(reply.status).toBe(201);
  return reply.body.barcode;
};
const listTickets = async ({ owner, eventId }: Hall) =>
  (await world.organizers(`GET /v1/events/${eventId}/tickets`, { key: owner.key })).body.items;

describe('a swap in the origin', () => {
  it('retires the old barcode at the other door and adds the new one, without a name', async () => {
    const { at, sold } = await linked(3);
    const fresh = await swapped(sold.barcode);
    await world.settle();
    expect(await world.scan(at, sold.barcode)).toMatchObject({
      outcome: 'REFUSED',
      reason: 'SWAPPED',
    });
    expect(await world.scan(at, fresh)).toMatchObject({
      outcome: 'ADMITTED',
      ticket: { holderName: '', origin: 'IMPORTED', ticketTypeId: at.typeId },
    });
    const tickets = await listTickets(at);
    const old = tickets.find((ticket: SoldTicket) => ticket.barcode === sold.barcode);
    const made = tickets.find((ticket: SoldTicket) => ticket.barcode === fresh);
    expect(tickets).toHaveLength(4);
    expect(old).toMatchObject({ status: 'SWAPPED', successorId: made.eventTicketId });
    expect(made).toMatchObject({ status: 'CHECKED_IN', predecessorId: old.eventTicketId });
    const event = await world.organizers(`GET /v1/events/${at.eventId}`, { key: door.key });
    expect(event.body.imported).toBe(3);
    const order = await world.organizers(`GET /v1/orders/${made.orderId}`, { key: door.key });
    expect(order.body.tickets).toHaveLength(1);
    const sellers = await world.organizers(`GET /v1/orders/${old.orderId}`, { key: door.key });
    expect(JSON.stringify(sellers.body)).not.toContain(fresh);
  });

  it('is in the scan packs: a tombstone for the old barcode, an entry for the new one', async () => {
    const { at, sold } = await linked();
    const scanner = createScanner(world, { eventId: at.eventId, device: { key: at.device } });
    const following = await follow(world);
    await scanner.sync();
    expect(scanner.find(sold.barcode)).toMatchObject({ admissions: 0 });
    const fresh = await swapped(sold.barcode);
    await world.settle();
    await following.catchUp();
    await scanner.sync();
    expect(scanner.find(sold.barcode)).toEqual({ tombstone: 'SWAPPED' });
    expect(scanner.find(fresh)).toMatchObject({ admissions: 0, holder: { holderName: '' } });
  });

  it('comes before the news: at most one gets in, and the ledger names who did', async () => {
    const { at, sold } = await linked();
    const fresh = await swapped(sold.barcode);
    expect(await world.scan(at, sold.barcode)).toMatchObject({ outcome: 'ADMITTED' });
    await world.settle();
    expect(await world.scan(at, fresh)).toMatchObject({
      outcome: 'REFUSED',
      reason: 'ALREADY_USED',
      previous: { deviceId: expect.any(String) },
    });
    expect(await world.scan(at, sold.barcode)).toMatchObject({ reason: 'SWAPPED' });
    const path = `/v1/events/${at.eventId}/clashes` as const;
    const clashes = await world.door(`GET ${path}`, { key: door.key });
    expect(clashes.body.items).toMatchObject([{ reason: 'SWAPPED' }]);
    const again = await swapped(fresh, 'joan@example.com');
    await world.settle();
    expect(await world.scan(at, again)).toMatchObject({ reason: 'ALREADY_USED' });
    expect((await world.door(`GET ${path}`, { key: door.key })).body.items).toHaveLength(1);
  });

  it('counts once in attendance, whichever barcode it is by then', async () => {
    const { at, sold } = await linked();
    const following = await follow(world);
    await swapped(sold.barcode);
    await world.scan(at, sold.barcode);
    await world.settle();
    await following.catchUp();
    const path = `/v1/events/${at.eventId}/attendance` as const;
    const { body } = await world.door(`GET ${path}`, { key: door.key });
    expect(body).toMatchObject({ inside: 1, admitted: 1 });
  });

  it('was made with a barcode that an offline scanner still let in: a clash, and the new one admits', async () => {
    const { at, sold } = await linked();
    const scannedAt = new Date(world.clock.nowMs).toISOString();
    const fresh = await swapped(sold.barcode);
    await world.settle();
    const scan = { eventId: at.eventId, barcode: sold.barcode, scannedAt, scanId: 'offline' };
    const body = { deviceNow: scannedAt, scans: [{ ...scan, offlineOutcome: 'ADMITTED' }] };
    const synced = await world.door('POST /v1/validate/batch', { key: at.device, body });
    expect(synced.body.results).toMatchObject([
      { outcome: 'ADMITTED_OFFLINE_CLASH', reason: 'SWAPPED' },
    ]);
    expect(await world.scan(at, fresh)).toMatchObject({ outcome: 'ADMITTED' });
  });

  it('of which the other organization had blocked the ticket leaves it blocked', async () => {
    const { at, sold } = await linked();
    const [ticket] = await listTickets(at);
    const path = `/v1/tickets/${ticket.eventTicketId}/block` as const;
    await world.organizers(`POST ${path}`, { key: door.key, body: {} });
    const fresh = await swapped(sold.barcode);
    await world.settle();
    expect(await world.scan(at, sold.barcode)).toMatchObject({ reason: 'SWAPPED' });
    expect(await world.scan(at, fresh)).toMatchObject({ reason: 'BLOCKED' });
  });

  it('of which the other organization had canceled the ticket adds nothing', async () => {
    const { at, sold } = await linked();
    const [ticket] = await listTickets(at);
    const path = `/v1/tickets/${ticket.eventTicketId}/cancel` as const;
    await world.organizers(`POST ${path}`, { key: door.key, body: {} });
    const fresh = await swapped(sold.barcode);
    await world.settle();
    expect(await world.scan(at, sold.barcode)).toMatchObject({ reason: 'CANCELED' });
    expect(await world.scan(at, fresh)).toMatchObject({ reason: 'UNKNOWN' });
  });

  it('finds the ticket also where the other organization had reissued it', async () => {
    const { at, sold } = await linked();
    const [ticket] = await listTickets(at);
    const path = `/v1/tickets/${ticket.eventTicketId}/reissue` as const;
    const reissued = await world.organizers(`POST ${path}`, { key: door.key, body: {} });
    const fresh = await swapped(sold.barcode);
    await world.settle();
    expect(await world.scan(at, sold.barcode)).toMatchObject({ reason: 'REPLACED' });
    expect(await world.scan(at, reissued.body.barcode)).toMatchObject({ reason: 'SWAPPED' });
    expect(await world.scan(at, fresh)).toMatchObject({ outcome: 'ADMITTED' });
  });
});

it('an imported ticket is valid, RESELL_NOT_ALLOWED, and stays as it is', async () => {
  const { at, sold } = await linked();
  const { barcode } = sold;
  const before = await world.allItems();
  const told = { barcode, valid: true, swappable: false, error: 'RESELL_NOT_ALLOWED' };
  expect(await world.validate(door, barcode)).toMatchObject({
    status: 200,
    body: { ...told, pdf: null },
  });
  expect(await world.swap(door, barcode)).toMatchObject({ status: 400, body: told });
  expect(await world.allItems()).toEqual(before);
  expect(await world.scan(at, barcode)).toMatchObject({ outcome: 'ADMITTED' });
});

it('a reissue in the origin does the same', async () => {
  const { at, sold } = await linked();
  const path = `/v1/tickets/${sold.eventTicketId}/reissue` as const;
  const { body } = await world.organizers(`POST ${path}`, { key: seller.key, body: {} });
  await world.settle();
  expect(await world.scan(at, sold.barcode)).toMatchObject({ reason: 'SWAPPED' });
  expect(await world.scan(at, body.barcode)).toMatchObject({ outcome: 'ADMITTED' });
});

describe('an admission at the other door', () => {
  it('bars swaps in the origin, also of the barcode that it has by then', async () => {
    const following = await follow(world);
    const { at, sold } = await linked();
    const fresh = await swapped(sold.barcode);
    await world.settle();
    await world.scan(at, fresh);
    await following.catchUp();
    await world.settle();
    expect(await world.validate(seller, fresh)).toMatchObject({
      status: 200,
      body: { valid: false, swappable: false, error: 'TICKET_ALREADY_SCANNED' },
    });
    const refused = await world.swap(seller, fresh, { email: 'joan@example.com' });
    expect(refused).toMatchObject({ status: 400, body: { error: 'TICKET_ALREADY_SCANNED' } });
  });

  it('before the news of a swap bars the next one', async () => {
    const following = await follow(world);
    const { at, sold } = await linked();
    const fresh = await swapped(sold.barcode);
    await world.scan(at, sold.barcode);
    await following.catchUp();
    const messages = await world.takeMessages();
    // The admission is told first, when the swap has not arrived.
    await world.workLinks()(...messages.toReversed());
    const refused = await world.swap(seller, fresh, { email: 'joan@example.com' });
    expect(refused.body.error).toBe('TICKET_ALREADY_SCANNED');
  });

  it('that is annulled before it is told bars nothing', async () => {
    const following = await follow(world);
    const { at, sold } = await linked();
    await world.scan(at, sold.barcode, { scanId: 'turnstile' });
    const body = { eventId: at.eventId, barcode: sold.barcode };
    await world.scans('POST /v1/validate/turnstile/annul', { key: at.device, body });
    await following.catchUp();
    await world.settle();
    expect((await world.swap(seller, sold.barcode)).status).toBe(201);
  });
});

it('a chain of imports follows from the first to the last, and tells admissions back', async () => {
  const following = await follow(world);
  const last = await world.newOwner();
  const { at, sold } = await linked();
  const end = await world.importInto(last, at);
  const fresh = await swapped(await swapped(sold.barcode), 'joan@example.com');
  await world.settle();
  expect(await world.scan(end, sold.barcode)).toMatchObject({ reason: 'SWAPPED' });
  expect(await world.scan(end, fresh)).toMatchObject({ outcome: 'ADMITTED' });
  await following.catchUp();
  await world.settle();
  const refused = await world.swap(seller, fresh, { email: 'eve@example.com' });
  expect(refused.body.error).toBe('TICKET_ALREADY_SCANNED');
});

describe('the export', () => {
  it('carries an origin for each ticket, and warns until somebody has imported one', async () => {
    const from = await world.newHall(seller);
    await world.sell(from, 2);
    const path = `/v1/events/${from.eventId}/barcodes-export` as const;
    const ask = async () => (await world.imports(`POST ${path}`, { key: seller.key })).body;
    expect(await ask()).toMatchObject({ warnings: ['secureSwapOn'] });
    const [header, ...rows] = await parseCsv(await world.exported(seller, from.eventId));
    expect(header?.at(-1)).toBe('swapgate-origin');
    expect(new Set(rows.map((row) => row.at(-1))).size).toBe(2);
    await world.importInto(door, from);
    expect(await ask()).toMatchObject({ warnings: [] });
  });

  it('is older than the swap: the import makes good for it', async () => {
    const from = await world.newHall(seller);
    const [sold] = await world.sell(from);
    const file = await world.exported(seller, from.eventId);
    const fresh = await swapped(String(sold?.barcode));
    await world.settle();
    const { done, tickets } = await world.importedBy(door, file, ['Regular']);
    const at = await world.openDoor(door, tickets[0].eventId ?? done.eventId);
    await world.settle();
    expect(await world.scan(at, String(sold?.barcode))).toMatchObject({ reason: 'SWAPPED' });
    expect(await world.scan(at, fresh)).toMatchObject({ outcome: 'ADMITTED' });
  });
});
