// One contact for each address and one order for each buyer of an import, however the import is disturbed.
import { describe, expect, it } from 'vitest';
import { normalizeEmail, toContactId } from '../../../lib/domain/contact.ts';
import { createImportWorld } from '../../support/import-world.ts';

const world = await createImportWorld();
const FILE = [
  'barcode,name,email',
  'A1,Zoë,zoe@example.com',
  'A2,,',
  'A3,Zoë de Vries, ZOE@example.com ',
  'A1,Twice,twice@example.com',
  'A4,Bram,bram@example.com',
  'A5,Other Bram,bram@example.com',
  'A6,No Mail,nonsense',
].join('\n');

const ticketsOf = async (importId: string) =>
  new Map(
    (await world.listAll(`/v1/imports/${importId}/tickets`)).map((ticket) => [
      ticket.barcode,
      ticket,
    ]),
  );
const contactItems = async () =>
  (await world.allItems()).filter((item) => item['kind'] === 'contact');

describe('buyers of an import', () => {
  it('have one order each, and a row without an address is an order by itself', async () => {
    const { eventId } = await world.newEvent();
    const done = await world.imported(eventId, FILE);
    expect(done.progress).toMatchObject({ tickets: 5, contactsCreated: 2, contactsTotal: 2 });
    const tickets = await ticketsOf(done.importId);
    const orderOf = (barcode: string) => tickets.get(barcode).orderId;
    expect(orderOf('A1')).toBe(tickets.get('A1').eventTicketId);
    expect(orderOf('A3')).toBe(orderOf('A1'));
    expect(orderOf('A2')).toBe(tickets.get('A2').eventTicketId);
    expect(orderOf('A5')).toBe(orderOf('A4'));
    expect(new Set(['A1', 'A2', 'A4'].map(orderOf)).size).toBe(3);
    const contacts = await world.listAll(`/v1/imports/${done.importId}/contacts`);
    expect(contacts).toMatchObject([
      { email: 'zoe@example.com', name: 'Zoë', created: true, orderId: orderOf('A1') },
      { email: 'bram@example.com', name: 'Bram', created: true, orderId: orderOf('A4') },
    ]);
  });

  it('that existed before are counted but neither made nor changed', async () => {
    const { eventId } = await world.newEvent();
    const again = FILE.replaceAll(/^A/gm, 'B').replaceAll('Zoë', 'Somebody');
    const done = await world.imported(eventId, `${again}\nB7,Noor,noor@example.com`);
    expect(done.progress).toMatchObject({ tickets: 6, contactsCreated: 1, contactsTotal: 3 });
    const contacts = await world.listAll(`/v1/imports/${done.importId}/contacts`);
    expect(contacts).toMatchObject([
      { email: 'zoe@example.com', name: 'Zoë', created: false },
      { email: 'bram@example.com', created: false },
      { email: 'noor@example.com', created: true },
    ]);
  });

  it('of duplicates only are no contacts of it', async () => {
    const { eventId } = await world.newEvent();
    const done = await world.imported(
      eventId,
      'barcode,email\nA1,new-one@example.com\nA2,new-two@example.com',
    );
    expect(done.progress).toMatchObject({ duplicates: 2, contactsCreated: 0, contactsTotal: 0 });
    expect(JSON.stringify(await contactItems())).not.toContain('new-one');
  });

  it('whose first row is a duplicate have the order of their first ticket', async () => {
    const { eventId } = await world.newEvent();
    const done = await world.imported(
      eventId,
      'barcode,email\nA1,late@example.com\nC1,late@example.com\nC2,late@example.com',
    );
    const tickets = await ticketsOf(done.importId);
    const { eventTicketId } = tickets.get('C1');
    expect([tickets.get('C1').orderId, tickets.get('C2').orderId]).toEqual([
      eventTicketId,
      eventTicketId,
    ]);
    expect(done.progress).toMatchObject({ contactsCreated: 1, contactsTotal: 1 });
  });

  it('spread over many chunks have one order', async () => {
    const { eventId } = await world.newEvent();
    const rows = Array.from(
      { length: 210 },
      (_, index) => `D${index},buyer${index % 7}@example.com`,
    );
    const content = ['barcode,email', ...rows].join('\n');
    const done = await world.imported(eventId, content, {}, { chunkRows: 100 });
    expect(done.progress).toMatchObject({ tickets: 210, contactsCreated: 7, contactsTotal: 7 });
    const tickets = [...(await ticketsOf(done.importId)).values()];
    const orders = new Map<number, number>();
    for (const { orderId } of tickets) orders.set(orderId, (orders.get(orderId) ?? 0) + 1);
    const firsts = tickets.slice(0, 7).map(({ eventTicketId }) => eventTicketId);
    expect(new Set(orders.keys())).toEqual(new Set(firsts));
  });
});

describe('a contact id', () => {
  it('is the same for an address in any case, and another one under another secret', () => {
    expect(toContactId(' Zoe@Example.com', 's')).toBe(toContactId('zoe@example.com ', 's'));
    expect(toContactId('zoe@example.com', 's')).not.toBe(toContactId('zoe@example.com', 't'));
    expect(toContactId('zoe@example.com', 's')).toMatch(/^con_[0-9A-HJKMNP-TV-Z]{26}$/);
    expect(normalizeEmail('z.oe+tag@example.com')).toBe('z.oe+tag@example.com');
  });
});
