// People planted through every input: imports, sales, single tickets and reports.
import type { UndoWorld } from './undo-world.ts';

let persons = 0;
/** Somebody with a name and an address that nothing else in the table has. */
const toPerson = (toId: (email: string) => string) => {
  persons += 1;
  const name = `Carla Canary${persons}x`;
  const email = `Canary${persons}x@example.com`;
  return {
    name,
    email,
    contactId: toId(email),
    pattern: new RegExp(`canary${persons}x`, 'i'),
  };
};
export type Person = ReturnType<typeof toPerson>;

const toFile = (tag: string, { name, email }: Person) =>
  [
    'barcode,name,email,company,note,ticket type',
    `${tag}-1,${name},${email},${name} Ltd,${name} sits in front,Regular`,
    `${tag}-2,${name},${email},,${`${name} likes it quiet. `.repeat(40)},Regular`,
    `${tag}-3,Ada,ada@example.com,Engines,by the door,Regular`,
    `${tag}-3,${name},${email.toUpperCase()},,duplicate of the file,Regular`,
    `${tag}-4,${name},${email},,rejected,Nowhere`,
    `,${name},${email},,no barcode,Regular`,
  ].join('\n');

export type PersonsWorld = UndoWorld & ReturnType<typeof createPersons>;

export function createPersons(world: UndoWorld, toId: (email: string) => string) {
  const { key, organizers } = world;
  const importOne = (eventId: string, barcode: string, { name, email }: Person) =>
    world.imports(`POST /v1/events/${eventId}/tickets/import`, {
      key,
      body: { barcode, createWhenSoldOut: true, holder: { name, email } },
    });

  async function sell(eventId: string, buyer: object, holders: readonly object[] = []) {
    const { body } = await organizers(`GET /v1/events/${eventId}/ticket-types`, { key });
    const [{ ticketTypeId }] = body.items;
    const sold = await organizers(`POST /v1/events/${eventId}/orders`, {
      key,
      body: {
        buyer,
        items: [{ ticketTypeId, quantity: 2, holders }],
        payment: { paymentType: 'CASH' },
      },
    });
    if (sold.status !== 201) throw new Error(JSON.stringify(sold.body));
    return sold.body;
  }

  async function report(importId: string) {
    await world.imports(`POST /v1/imports/${importId}/report`, { key, body: {} });
    const items = await world.allItems();
    const found = items.find((item) => item['kind'] === 'import' && item['importId'] === importId);
    const { reportId } = (found ?? {})['report'] as { reportId: string };
    const { organizationId } = world;
    await world.worker()({ type: 'import.report', organizationId, importId, reportId });
  }

  /** Through every input. */
  async function plant(tag: string, person: Person) {
    const { name, email } = person;
    const event = await world.newEvent({ endsAt: '2030-01-01T00:00:00Z' });
    const file = toFile(tag, person);
    const { importId } = await world.imported(event.eventId, file);
    const again = await world.imported(event.eventId, file);
    await importOne(event.eventId, `${tag}-single`, person);
    const bought = await sell(event.eventId, { firstName: name, lastName: name, email }, [
      { name },
      { name: 'Ada', email: 'ada@example.com' },
    ]);
    const held = await sell(event.eventId, { firstName: 'Ada', email: 'ada@example.com' }, [
      { name, email },
      { name: 'Bob' },
    ]);
    await report(importId);
    await report(again.importId);
    return { eventId: event.eventId, file, importId, again: again.importId, bought, held };
  }
  return { newPerson: () => toPerson(toId), toFile, importOne, sell, report, plant };
}
