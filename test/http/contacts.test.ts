import { describe, expect, it } from 'vitest';
import { normalizeEmail, toContactId } from '../../lib/domain/contact.ts';
import { createContactStore } from '../../lib/table/contact-store.ts';
import { createSuppressionStore } from '../../lib/table/suppression-store.ts';
import { createWorld } from '../support/world.ts';

const world = await createWorld();
const { organizers } = world;
const store = createContactStore(world);

async function newHall() {
  const { key, organizationId } = await world.newOrganization();
  const secret = await store.loadSecret(organizationId);
  const register = async (email: string, name?: string) =>
    store.registerBuyer({
      organizationId,
      contactId: toContactId(email, secret),
      email,
      ...(name === undefined ? {} : { name }),
      source: 'ord1',
      row: 0,
      orderId: 1,
      nowMs: world.clock.nowMs,
    });
  const suppress = async (email: string) =>
    createSuppressionStore(world).suppress({
      organizationId,
      contactId: toContactId(email, secret),
      cause: 'bounce',
      nowMs: world.clock.nowMs,
    });
  return { key, register, suppress };
}

describe('contacts', () => {
  it('are read by id, and found by an address however it is written', async () => {
    const { key, register } = await newHall();
    await register('Zoë@Example.com', 'Zoë');
    await register('other@example.com');
    const query = encodeURIComponent(normalizeEmail(' zoë@EXAMPLE.com').trim());
    const found = await organizers(`GET /v1/contacts?email=${query}`, { key });
    const createdAt = new Date(world.clock.nowMs).toISOString();
    expect(found.body).toEqual({
      items: [{ contactId: expect.any(String), email: 'Zoë@Example.com', name: 'Zoë', createdAt }],
    });
    const [{ contactId }] = found.body.items;
    const read = await organizers(`GET /v1/contacts/${contactId}`, { key });
    expect(read.body).toEqual(found.body.items[0]);
    expect((await organizers('GET /v1/contacts?email=no@example.com', { key })).body.items).toEqual(
      [],
    );
  });

  it('are listed page by page without loss or repetition while more are added', async () => {
    const { key, register } = await newHall();
    const before = Array.from({ length: 300 }, (_, index) => `before${index}@example.com`);
    await Promise.all(before.map(async (email) => register(email)));
    const emails: string[] = [];
    let pages = 0;
    for (let cursor: string | undefined = ''; cursor !== undefined; pages += 1) {
      await register(`during${pages}@example.com`);
      const at: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await organizers(`GET /v1/contacts?limit=37${at}`, { key });
      emails.push(...page.body.items.map((item: { email: string }) => item.email));
      cursor = page.body.nextCursor;
    }
    expect(pages).toBeGreaterThan(8);
    expect(new Set(emails).size).toBe(emails.length);
    expect(emails.filter((email) => email.startsWith('before')).toSorted()).toEqual(
      before.toSorted(),
    );
  });

  it('tell which addresses bounced or complained in this organization, and say nothing of others', async () => {
    const [hall, other] = [await newHall(), await newHall()];
    for (const { register } of [hall, other]) {
      await register('dead@example.com');
      await register('alive@example.com');
    }
    await hall.suppress('dead@example.com');
    const list = async (key: string, query = '') =>
      (await organizers(`GET /v1/contacts${query}`, { key })).body.items as {
        readonly email: string;
        readonly contactId: string;
        readonly suppressed?: boolean;
      }[];
    const toMarks = (items: Awaited<ReturnType<typeof list>>) =>
      Object.fromEntries(items.map(({ email, suppressed }) => [email, suppressed]));
    const marks = { 'dead@example.com': true, 'alive@example.com': undefined };
    expect(toMarks(await list(hall.key))).toEqual(marks);
    expect(await list(other.key)).toHaveLength(2);
    for (const item of await list(other.key)) expect(item).not.toHaveProperty('suppressed');
    const [dead] = await list(hall.key, '?email=Dead@example.com');
    expect(dead?.suppressed).toBe(true);
    const read = await organizers(`GET /v1/contacts/${dead?.contactId}`, { key: hall.key });
    expect(read.body).toEqual(dead);
  });

  it.each(['cursor=x', 'email=nobody'])('422 for %s', async (query) => {
    const { key } = await newHall();
    expect((await organizers(`GET /v1/contacts?${query}`, { key })).status).toBe(422);
  });
});
