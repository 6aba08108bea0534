// What makes a link and what doesn't, what crosses by it, and imports that meet swaps.
import { describe, expect, it } from 'vitest';
import { toOriginToken } from '../../../lib/domain/links/origin-token.ts';
import { present } from '../../../lib/domain/assert.ts';
import { createFailingClient } from '../../support/failing-client.ts';
import { createLeanClient } from '../../support/lean-client.ts';
import { createLinkWorld, type SoldTicket } from '../../support/link-world.ts';
import { parseCsv } from '../../support/read-csv.ts';
import { SILENT } from '../../support/world.ts';

const world = await createLinkWorld();
const seller = await world.newOwner();
const from = await world.newHall(seller);
const sellOne = async (): Promise<SoldTicket> =>
  present((await world.sell(from))[0], 'one was sold');
const swapped = async (barcode: string, email = 'grace@example.com'): Promise<string> => {
  const reply = await world.swap(seller, barcode, { email });
  expect(reply.status).toBe(201);
  return reply.body.barcode;
};

describe('an origin', () => {
  it('that nobody here has signed for this barcode warns, and its row is imported without a link', async () => {
    const [sold, other] = [await sellOne(), await sellOne()];
    const ticket = { organizationId: seller.organizationId, ...sold };
    const [, ...rows] = await parseCsv(await world.exported(seller, from.eventId));
    const genuine = (barcode: string) => rows.find(([cell]) => cell === barcode)?.at(-1) ?? '';
    const forged = [
      ['of-another-barcode', genuine(sold.barcode)],
      [sold.barcode, toOriginToken(ticket, 'a guessed secret')],
      [other.barcode, genuine(other.barcode).replace(/\.\d+\./, `.${sold.eventTicketId}.`)],
      ['of-nobody', `org_nobody.1.${'A'.repeat(22)}`],
      ['of-no-form', 'anything'],
    ];
    const text = ['barcode,swapgate-origin', ...forged.map((row) => row.join(','))].join('\n');
    const file = Buffer.from(`${text}\n`);
    const importer = await world.newOwner();
    const { analyzed, done, tickets } = await world.importedBy(importer, file, ['Regular']);
    expect(analyzed.warnings).toMatchObject([{ code: 'originNotVerified', column: 1, count: 5 }]);
    expect(done.progress).toMatchObject({ tickets: 5 });
    const at = await world.openDoor(importer, tickets[0].eventId ?? done.eventId);
    await swapped(sold.barcode);
    await world.settle();
    expect(await world.scan(at, sold.barcode)).toMatchObject({ outcome: 'ADMITTED' });
  });

  it('lets only barcodes cross: no name, no address, in neither direction', async () => {
    const sold = await sellOne();
    const at = await world.importInto(await world.newOwner(), from);
    const buyer = { firstName: 'Canary', lastName: 'Yellow', email: 'canary@yellow.example' };
    const { body } = await world.swap(seller, sold.barcode, buyer);
    await world.settle();
    expect(await world.scan(at, body.barcode)).toMatchObject({ outcome: 'ADMITTED' });
    const items = await world.allItems();
    const own = items.filter(({ pk }) => String(pk).includes(at.owner.organizationId));
    expect(own.length).toBeGreaterThan(10);
    expect(JSON.stringify(own)).not.toMatch(/canary|yellow/i);
    const made = own.filter((item) => String(item['pk']).endsWith(`#${body.barcode}`));
    expect(made).toHaveLength(1);
    expect(JSON.stringify(made)).not.toContain(seller.organizationId);
  });
});

describe('an import', () => {
  it('of a newer export, before the news: the old barcode is retired, the new one stays', async () => {
    const sold = await sellOne();
    const importer = await world.newOwner();
    const at = await world.importInto(importer, from);
    const fresh = await swapped(sold.barcode);
    const file = await world.exported(seller, from.eventId);
    const { eventId } = at;
    const created = await world.imports(`POST /v1/events/${eventId}/imports`, {
      key: importer.key,
      body: { fileName: 'again.csv', overCapacity: 'enabled', autoStart: true },
    });
    const { importId } = created.body;
    await world.upload(created.body, file);
    const work = world.worker();
    await work(world.uploaded(created.body));
    await work({ type: 'import.run', organizationId: importer.organizationId, importId });
    await world.settle();
    expect(await world.scan(at, sold.barcode)).toMatchObject({ reason: 'SWAPPED' });
    const newest = await swapped(fresh, 'joan@example.com');
    await world.settle();
    expect(await world.scan(at, fresh)).toMatchObject({ reason: 'SWAPPED' });
    expect(await world.scan(at, newest)).toMatchObject({ outcome: 'ADMITTED' });
  });

  it.each([3, 9, 14, 20])(
    'that dies at call %i while tickets are swapped ends with the newest barcodes',
    async (death) => {
      const hall = await world.newHall(seller);
      const sold = await world.sell(hall, 3);
      const file = await world.exported(seller, hall.eventId);
      const importer = await world.newOwner();
      const target = await world.newHall(importer);
      const created = await world.imports(`POST /v1/events/${target.eventId}/imports`, {
        key: importer.key,
        body: { fileName: 'a.csv', overCapacity: 'enabled', autoStart: true },
      });
      const { importId } = created.body;
      const run = { type: 'import.run', organizationId: importer.organizationId, importId };
      await world.upload(created.body, file);
      await world.worker()(world.uploaded(created.body));
      const dying = createFailingClient(death, 'answerLost', createLeanClient());
      await world.worker({ logger: SILENT }, dying.client)(run);
      await dying.settle();
      const fresh = await Promise.all(sold.map(async ({ barcode }) => swapped(barcode)));
      await world.settle();
      expect(await world.worker()(run)).toBe(0);
      await world.settle();
      const path = `GET /v1/imports/${importId}` as const;
      const { body } = await world.imports(path, { key: importer.key });
      expect(body).toMatchObject({ status: 'COMPLETED', progress: { tickets: 3, rowsTotal: 3 } });
      for (const { barcode } of sold) {
        expect(await world.scan(target, barcode)).toMatchObject({ reason: 'SWAPPED' });
      }
      for (const barcode of fresh) {
        expect(await world.scan(target, barcode)).toMatchObject({ outcome: 'ADMITTED' });
      }
    },
  );
});
