// What is left of links when their tickets go: undone imports, erased people, circles, barcodes of another event; and
// one organization's trouble, which is no other one's.
import { describe, expect, it, vi } from 'vitest';
import { toDeaths } from '../../support/campaign.ts';
import { toErasureWorld } from '../../support/erasure-world.ts';
import { createFailingClient, type DeathMode } from '../../support/failing-client.ts';
import { follow } from '../../support/following.ts';
import { createLeanClient } from '../../support/lean-client.ts';
import { createLinkWorld, type Hall, type Owner } from '../../support/link-world.ts';

const world = await createLinkWorld();
const people = await toErasureWorld(world);
const seller = await world.newOwner();
/** Whose imports the world can undo, and whose people it can erase. */
const mine = await world.letSwap(world.mine);

const swapped = async (barcode: string, email: string, owner: Owner = seller): Promise<string> => {
  const reply = await world.swap(owner, barcode, { email });
  expect(reply.status).toBe(201);
  return reply.body.barcode;
};
const judge = async (at: Hall, barcode: string): Promise<string> => {
  const { outcome, reason } = await world.scan(at, barcode, { mode: 'check' });
  return reason ?? outcome;
};
async function sold(owner: Owner = seller, quantity = 1) {
  const hall = await world.newHall(owner);
  const tickets = await world.sell(hall, quantity);
  return { hall, tickets, barcode: String(tickets[0]?.barcode) };
}
/** Into an event of its own. */
async function imported(file: Buffer | string, owner: Owner = mine) {
  const { done } = await world.importedBy(owner, Buffer.from(file), ['Regular']);
  expect(done).toMatchObject({ status: 'COMPLETED', progress: { duplicates: 0 } });
  return { at: await world.openDoor(owner, done.eventId), importId: String(done.importId) };
}
async function linked(hall: Hall, owner: Owner = mine) {
  return imported(await world.exported(hall.owner, hall.eventId), owner);
}

describe('an import of linked tickets that is undone', () => {
  it('leaves what was resold, follows nothing that is gone, and can be made again', async () => {
    const { hall, tickets } = await sold(seller, 2);
    const [first, second] = tickets.map(({ barcode }) => barcode) as [string, string];
    const { at, importId } = await linked(hall);
    const resold = await swapped(first, 'grace@left.example');
    await world.settle();
    expect(await people.undone(importId)).toMatchObject({
      status: 'UNDONE_PARTLY',
      undo: { removed: 1, stayed: 1, reasons: [{ reason: 'swapped', count: 1 }] },
    });
    expect(await judge(at, second)).toBe('UNKNOWN');

    const unseen = await swapped(second, 'grace@left.example');
    await world.settle();
    expect(await judge(at, unseen)).toBe('UNKNOWN');
    expect(await judge(at, resold)).toBe('VALID');

    const file = await world.exported(seller, hall.eventId);
    const { progress } = await world.imported(at.eventId, file.toString());
    expect(progress).toMatchObject({ tickets: 1, duplicates: 1 });
    const newest = [
      await swapped(resold, 'joan@left.example'),
      await swapped(unseen, 'joan@left.example'),
    ];
    await world.settle();
    for (const barcode of [first, resold, unseen]) expect(await judge(at, barcode)).toBe('SWAPPED');
    for (const barcode of newest) expect(await judge(at, barcode)).toBe('VALID');
  });

  it.each<DeathMode>(['notSent', 'answerLost'])(
    'forgets its links by a worker that dies (%s), and they are there again with the next import',
    async (mode) => {
      const { hall, barcode } = await sold();
      const at = await world.newHall(mine);
      const load = async (): Promise<string> => {
        const file = await world.exported(seller, hall.eventId);
        const done = await world.imported(at.eventId, file.toString());
        expect(done).toMatchObject({ progress: { tickets: 1 } });
        return done.importId;
      };
      let known = barcode;
      const run = async (death: number): Promise<number> => {
        await people.undone(await load());
        known = await swapped(known, `buyer${death}@${mode}.example`);
        const messages = await world.takeMessages();
        const dying = createFailingClient(death, mode, createLeanClient());
        await silently(async () => world.workLinks(dying.client)(...messages));
        await dying.settle();
        expect(await world.workLinks()(...messages)).toBe(0);
        return dying.countCalls();
      };
      for (const death of toDeaths(await run(99), 3)) await run(death);
      await load();
      const newest = await swapped(known, `last@${mode}.example`);
      await world.settle();
      expect([await judge(at, known), await judge(at, newest)]).toEqual(['SWAPPED', 'VALID']);
    },
  );
});

describe('a person who is erased', () => {
  it('in the organization that imported the ticket: the link goes on without a trace of the person', async () => {
    const { hall, barcode } = await sold();
    const person = people.newPerson();
    const [header = '', row = ''] = String(await world.exported(seller, hall.eventId)).split('\n');
    const cells = `${person.name},${person.email}`;
    const { at } = await imported(`${header.trim()},name,email\n${row.trim()},${cells}\n`);
    expect(await people.findTraces(person.pattern)).not.toEqual([]);
    const fresh = await swapped(barcode, 'grace@erased.example');
    await people.erased(person.contactId);
    await world.settle();
    expect([await judge(at, barcode), await judge(at, fresh)]).toEqual(['SWAPPED', 'VALID']);
    expect(await people.findTraces(person.pattern)).toEqual([]);
  });

  it('in the origin, as seller and as buyer: swaps before and after it are followed', async () => {
    const person = people.newPerson();
    const hall = await world.newHall(mine);
    const buyer = { firstName: 'Ada', lastName: person.name, email: person.email };
    const [ticket] = await world.sell(hall, 1, buyer);
    const at = (await linked(hall, seller)).at;
    const barcodes = [String(ticket?.barcode)];
    barcodes.push(await swapped(barcodes[0] ?? '', 'grace@erased.example', mine));
    barcodes.push(await swapped(barcodes[1] ?? '', person.email, mine));
    await people.erased(person.contactId);
    await world.settle();
    barcodes.push(await swapped(barcodes[2] ?? '', 'joan@erased.example', mine));
    await world.settle();
    const outcomes = await Promise.all(barcodes.map(async (barcode) => judge(at, barcode)));
    expect(outcomes).toEqual(['SWAPPED', 'SWAPPED', 'SWAPPED', 'VALID']);
    // What the export told the other organization is that one's to erase.
    const traces = await people.findTraces(person.pattern);
    expect(traces.filter((key) => key.includes(mine.organizationId))).toEqual([]);
  });
});

describe('the next barcode, imported by hand before the news', () => {
  it('into the same event takes the admission over', async () => {
    const { hall, barcode } = await sold();
    const { at } = await linked(hall);
    const fresh = await swapped(barcode, 'grace@hand.example');
    await world.imported(at.eventId, `barcode,type\n${fresh},Regular\n`);
    expect(await world.scan(at, barcode)).toMatchObject({ outcome: 'ADMITTED' });
    await world.settle();
    expect([await judge(at, barcode), await judge(at, fresh)]).toEqual(['SWAPPED', 'ALREADY_USED']);
  });

  it('into another event stays there without the admission, and is followed on', async () => {
    const { hall, barcode } = await sold();
    const { at } = await linked(hall);
    const fresh = await swapped(barcode, 'grace@hand.example');
    const elsewhere = (await imported(`barcode,type\n${fresh},Regular\n`)).at;
    expect(await world.scan(at, barcode)).toMatchObject({ outcome: 'ADMITTED' });
    await world.settle();
    expect([await judge(at, barcode), await judge(elsewhere, fresh)]).toEqual(['SWAPPED', 'VALID']);
    const newest = await swapped(fresh, 'joan@hand.example');
    await world.settle();
    expect([await judge(elsewhere, fresh), await judge(elsewhere, newest)]).toEqual([
      'SWAPPED',
      'VALID',
    ]);
  });
});

it('who came in with a barcode of an older export leaves no newer one that admits', async () => {
  const { hall, barcode } = await sold();
  const older = await world.exported(seller, hall.eventId);
  const second = await swapped(barcode, 'grace@older.example');
  const { at } = await linked(hall);
  const third = await swapped(second, 'joan@older.example');
  await world.settle();
  await world.imported(at.eventId, older.toString());
  expect(await world.scan(at, barcode)).toMatchObject({ outcome: 'ADMITTED' });
  await world.settle();
  const outcomes = [];
  for (const known of [barcode, second, third]) outcomes.push(await judge(at, known));
  expect(outcomes).toEqual(['SWAPPED', 'SWAPPED', 'ALREADY_USED']);
});

it('a circle of imports ends, whoever is admitted', async () => {
  const following = await follow(world);
  const barcode = 'IN-A-CIRCLE';
  const other = await world.newOwner();
  const byHand = await imported(`barcode,type\n${barcode},Regular\n`);
  const there = (await linked(byHand.at, other)).at;
  await people.undone(byHand.importId);
  const back = (await linked(there)).at;
  for (const at of [there, back]) {
    expect(await world.scan(at, barcode)).toMatchObject({ outcome: 'ADMITTED' });
    await following.catchUp();
    // Throws if a message fails.
    await world.settle();
  }
});

it("an organization whose table doesn't answer keeps the news from no other one", async () => {
  const { hall, barcode } = await sold();
  const owners = [await world.newOwner(), await world.newOwner(), await world.newOwner()];
  const doors = [];
  for (const owner of owners) doors.push((await linked(hall, owner)).at);
  const fresh = await swapped(barcode, 'grace@trouble.example');
  const messages = await world.takeMessages();
  const silent = owners.map(({ organizationId }) => organizationId).toSorted()[0] ?? '';
  const client = createLeanClient();
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const isWrite = commandName === 'TransactWriteItemsCommand';
        if (isWrite && JSON.stringify(args.input).includes(`BAR#${silent}`)) {
          throw new Error('no answer');
        }
        return next(args);
      },
    { step: 'initialize', priority: 'high' },
  );
  await silently(async () => expect(await world.workLinks(client)(...messages)).toBe(1));
  for (const at of doors) {
    const expected = at.owner.organizationId === silent ? 'UNKNOWN' : 'VALID';
    expect(await judge(at, fresh)).toBe(expected);
  }
  expect(await world.workLinks()(...messages)).toBe(0);
  for (const at of doors) expect(await judge(at, fresh)).toBe('VALID');
});

/** Failures are meant: their errors need not be shown. */
async function silently(work: () => Promise<unknown>): Promise<void> {
  const shown = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  try {
    await work();
  } finally {
    shown.mockRestore();
  }
}
