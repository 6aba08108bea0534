// What marketplaces told of a person who was erased: the delivery goes, and no repeat of it brings anybody back.
import { describe, expect, it } from 'vitest';
import { createFindBuyer } from '../../lib/app/notices/find-buyer.ts';
import { toContactId } from '../../lib/domain/contact.ts';
import { NOTICE_FORMATS } from '../../lib/marketplaces/notice-formats.ts';
import { createContactStore } from '../../lib/table/contact-store.ts';
import { createErasureStore } from '../../lib/table/erasure-store.ts';
import { createPayloadStore } from '../../lib/table/payload-store.ts';
import { toWireDigest } from '../../lib/domain/marketplaces/evidence.ts';
import { createNoticeWorkerWorld } from '../support/notice-worker-world.ts';

const world = await createNoticeWorkerWorld();
const { organizationId, sealer, theirs, work, aMessage, clock } = world;
const contacts = createContactStore(world);
const erasures = createErasureStore(world, () => 'out_erased');
const payloads = createPayloadStore(world);
const findBuyer = createFindBuyer({
  contacts,
  erasures,
  payloads,
  sealer,
  formats: NOTICE_FORMATS,
  reader: { read: async (ids) => theirs.read(ids) },
});
const secret = await contacts.loadSecret(organizationId);

const tell = (marketplaceOrderId: string, email: string) =>
  JSON.stringify({
    id: `n-${marketplaceOrderId}`,
    type: 'sale.created',
    data: { marketplaceOrderId, listingId: 'lst_1', quantity: 1, buyer: { name: 'Edith', email } },
  });
const isKept = async (text: string) =>
  (await payloads.find(organizationId, toWireDigest(text))) !== undefined;

async function erase(email: string): Promise<void> {
  const contactId = toContactId(email, secret);
  const source = 'ord1';
  const buyer = { organizationId, contactId, email, source, row: 0, orderId: 1 };
  await contacts.registerBuyer({ ...buyer, nowMs: clock.nowMs });
  clock.nowMs += 1_000;
  expect(await erasures.begin({ organizationId, contactId }, clock.nowMs)).toBe(true);
  await erasures.erasePayloads({ organizationId, contactId });
  clock.nowMs += 1_000;
}

it('names nobody when a marketplace can not be read, so that its sale gets its tickets', async () => {
  const ids = { organizationId, marketplace: 'axs', marketplaceOrderId: 'd-1' } as const;
  theirs.read = async () => {
    throw new Error('a sale could not be read back');
  };
  expect(await findBuyer({ ...ids, createdAtMs: clock.nowMs })).toBeUndefined();
});

describe('the erasure of a buyer', () => {
  it('takes away every delivery in which the address stands, and no other', async () => {
    const [first, second, other] = [
      tell('a-1', 'a.erased@example.com'),
      tell('a-2', ' A.Erased@example.com'),
      tell('a-3', 'a.other@example.com'),
    ];
    for (const text of [first, second, other]) await work(await aMessage(text));
    expect(await Promise.all([first, second, other].map(isKept))).toEqual([true, true, true]);
    await erase('a.erased@example.com');
    expect(await Promise.all([first, second, other].map(isKept))).toEqual([false, false, true]);
  });

  it('outlasts a repeat of what was told before it, but not a new sale', async () => {
    const text = tell('b-1', 'b.erased@example.com');
    const message = await aMessage(text);
    await work(message);
    await erase('b.erased@example.com');
    const { told } = await work(message);
    expect(told).toMatchObject([{ type: 'sale.created', marketplaceOrderId: 'b-1' }]);
    expect(JSON.stringify(told)).not.toMatch(/Edith|erased/);
    expect(await isKept(text)).toBe(false);
    const later = tell('b-2', 'b.erased@example.com');
    const { told: anew } = await work(await aMessage(later));
    expect(anew).toMatchObject([{ buyer: { name: 'Edith', email: 'b.erased@example.com' } }]);
    expect(await isKept(later)).toBe(true);
  });

  it('keeps a sale that gets its tickets later from naming the person, even if its marketplace does', async () => {
    const email = 'c.erased@example.com';
    const ids = { organizationId, marketplace: 'axs', marketplaceOrderId: 'c-1' } as const;
    const createdAtMs = clock.nowMs;
    const sale = { marketplaceOrderId: 'c-1', listingId: 'lst_1', quantity: 1 };
    theirs.read = async () => ({ stand: 'OPEN', sale: { ...sale, buyer: { name: 'E', email } } });
    expect(await findBuyer({ ...ids, createdAtMs })).toMatchObject({ email });
    await erase(email);
    expect(await findBuyer({ ...ids, createdAtMs })).toBeUndefined();
    expect(await findBuyer({ ...ids, createdAtMs: clock.nowMs })).toMatchObject({ email });
  });
});
