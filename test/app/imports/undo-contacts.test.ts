// What becomes of the contacts of an import that is undone.
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from 'vitest';
import { present } from '../../../lib/domain/assert.ts';
import { createImportRunStore } from '../../../lib/table/import-run-store.ts';
import { createImportedTicketStore } from '../../../lib/table/imported-ticket-store.ts';
import { createTicketStore } from '../../../lib/table/ticket-store.ts';
import { createUndoStore } from '../../../lib/table/undo-store.ts';
import { createUndoWorld } from '../../support/undo-world.ts';

const world = await createUndoWorld();
const { key } = world;
const store = createUndoStore(world, createImportRunStore(world).loadBlocks);

const importFile = async (prefix: string, emails: readonly string[]) => {
  const { eventId } = await world.newEvent();
  const lines = emails.map((email, index) => `${prefix}${index},${email}`);
  const file = ['barcode,email', ...lines].join('\n');
  return { eventId: String(eventId), file, ...(await world.imported(eventId, file)) };
};
const contactsOf = async (name: string): Promise<string[]> =>
  (await world.toContacts()).filter((email) => email.endsWith(`@${name}.example`));
const counts = (contactsCreated: number, contactsTotal: number) => ({
  progress: { contactsCreated, contactsTotal },
});

describe('a contact of an undone import', () => {
  it('goes when nothing else refers to it, however its tickets were spread, and comes again', async () => {
    const emails = ['a@own.example', 'b@own.example', '', 'a@own.example', ' A@own.example'];
    const { eventId, file, importId } = await importFile('own-', emails);
    expect(await contactsOf('own')).toEqual(['a@own.example', 'b@own.example']);
    await world.undo(importId);
    await world.worker({ groupTickets: 2 })(world.run(importId));
    expect(await world.read(importId)).toMatchObject({ status: 'UNDONE', ...counts(0, 0) });
    expect(await contactsOf('own')).toEqual([]);
    expect(await world.listAll(`/v1/imports/${importId}/contacts`)).toEqual([]);
    const again = await world.imported(eventId, file);
    expect(again).toMatchObject({ status: 'COMPLETED', ...counts(2, 2) });
    expect(await contactsOf('own')).toEqual(['a@own.example', 'b@own.example']);
  });

  it('stays for another import, whichever of the two made it, until that one is undone too', async () => {
    const first = await importFile('one-', ['x@two.example', 'y@two.example']);
    const second = await importFile('two-', ['x@two.example']);
    expect(second).toMatchObject(counts(0, 1));
    expect(await world.undone(first.importId)).toMatchObject(counts(0, 0));
    expect(await contactsOf('two')).toEqual(['x@two.example']);
    expect(await world.undone(second.importId)).toMatchObject(counts(0, 0));
    expect(await contactsOf('two')).toEqual([]);
  });

  it('stays for a sale and for a single ticket', async () => {
    const { eventId, importId } = await importFile('sale-', ['p@sale.example', 'q@sale.example']);
    const types = (await world.organizers(`GET /v1/events/${eventId}/ticket-types`, { key })).body;
    const buyer = { firstName: 'P', lastName: 'Q', email: 'p@sale.example' };
    const items = [{ ticketTypeId: types.items[0].ticketTypeId, quantity: 1 }];
    const body = { buyer, items };
    const sold = await world.organizers(`POST /v1/events/${eventId}/orders`, { key, body });
    expect(sold.status).toBe(201);
    const single = { barcode: 'sale-x', createWhenSoldOut: true, holder: { email: buyer.email } };
    const path = `/v1/events/${eventId}/tickets/import` as const;
    const holder = { email: 'q@sale.example' };
    await world.imports(`POST ${path}`, { key, body: { ...single, holder } });
    expect(await world.undone(importId)).toMatchObject({ status: 'UNDONE', ...counts(0, 0) });
    expect(await contactsOf('sale')).toEqual(['p@sale.example', 'q@sale.example']);
  });

  it('stays while one of its tickets does, and goes with the last one', async () => {
    const emails = ['m@part.example', 'm@part.example', 'n@part.example'];
    const { importId } = await importFile('part-', emails);
    await world.change('part-1', { hld: world.clock.nowMs + 1 });
    const partly = await world.undone(importId);
    expect(partly).toMatchObject({ status: 'UNDONE_PARTLY', ...counts(1, 1) });
    expect(await contactsOf('part')).toEqual(['m@part.example']);
    world.clock.nowMs += 1;
    expect(await world.undone(importId)).toMatchObject({ status: 'UNDONE', ...counts(0, 0) });
    expect(await contactsOf('part')).toEqual([]);
  });

  it('goes also when its tickets were deleted one by one before', async () => {
    const { importId } = await importFile('del-', ['d@del.example', 'e@del.example']);
    const [first] = await world.listAll(`/v1/imports/${importId}/tickets`);
    await world.imports(`DELETE /v1/tickets/${first.eventTicketId}`, { key });
    expect(await contactsOf('del')).toEqual(['d@del.example', 'e@del.example']);
    expect(await world.undone(importId)).toMatchObject({ status: 'UNDONE', ...counts(0, 0) });
    expect(await contactsOf('del')).toEqual([]);
  });

  it('stays when another import takes it between the look at it and its end', async () => {
    const { importId } = await importFile('race-', ['r@race.example']);
    await world.undo(importId);
    let other: { readonly importId: string } | undefined;
    const late = world.worker({
      undo: {
        ...store,
        async commitBuyers(...change) {
          other ??= await importFile('race-other-', ['r@race.example']);
          return store.commitBuyers(...change);
        },
      },
    });
    expect(await late(world.run(importId))).toBe(0);
    expect(await world.read(importId)).toMatchObject({ status: 'UNDONE', ...counts(0, 0) });
    expect(await contactsOf('race')).toEqual(['r@race.example']);
    expect(other).toMatchObject(counts(0, 1));
  });
});

describe('a contact of a single imported ticket', () => {
  const importOne = async (eventId: string, barcode: string, email: string) => {
    const body = { barcode, createWhenSoldOut: true, holder: { email } };
    const reply = await world.imports(`POST /v1/events/${eventId}/tickets/import`, { key, body });
    expect(reply.status).toBe(201);
    return reply.body;
  };
  const remove = async ({ eventTicketId }: { readonly eventTicketId: number }) =>
    world.imports(`DELETE /v1/tickets/${eventTicketId}`, { key });

  it('goes with the last thing that refers to it: a ticket, another one, an import', async () => {
    const { eventId, importId } = await importFile('single-', ['s@single.example']);
    const [one, two, other] = [
      await importOne(eventId, 'single-x', 'S@single.example'),
      await importOne(eventId, 'single-y', 's@single.example'),
      await importOne(eventId, 'single-z', 't@single.example'),
    ];
    expect((await remove(other)).status).toBe(204);
    expect(await contactsOf('single')).toEqual(['s@single.example']);
    expect((await remove(one)).status).toBe(204);
    await world.undone(importId);
    expect(await contactsOf('single')).toEqual(['s@single.example']);
    expect((await remove(two)).status).toBe(204);
    expect(await contactsOf('single')).toEqual([]);
    await importOne(eventId, 'single-x', 's@single.example');
    expect(await contactsOf('single')).toEqual(['s@single.example']);
  });

  it('stays when an import takes it in the middle of the deletion', async () => {
    const { eventId } = await world.newEvent();
    const made = await importOne(eventId, 'single-race', 'r@single-race.example');
    let other: { readonly importId: string } | undefined;
    const client: typeof world.client = Object.create(world.client);
    client.send = async (command: never) => {
      if ((command as object) instanceof TransactWriteCommand) {
        other ??= await importFile('single-race-', ['r@single-race.example']);
      }
      return world.client.send(command);
    };
    const late = createImportedTicketStore({ client, tableName: world.tableName });
    const ticket = present(
      await createTicketStore(world).find(world.organizationId, made.eventTicketId),
      'just made',
    );
    expect(await late.remove(ticket, world.clock.nowMs)).toBe('removed');
    expect(other).toMatchObject(counts(0, 1));
    expect(await contactsOf('single-race')).toEqual(['r@single-race.example']);
  });
});
