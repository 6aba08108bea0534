import { expect, it } from 'vitest';
import { createOrdersContainer } from '../../lib/runtime/container/orders.ts';
import { eraseOrder } from '../../lib/table/erase-order.ts';
import { createOrderWorld } from '../support/order-world.ts';

const world = await createOrderWorld();
const { orders } = createOrdersContainer({ TABLE_NAME: world.tableName }, world.bare);

it('the link to a document of a payment goes with its buyer, the money stays', async () => {
  const { organizationId, clock } = world;
  const buyer = { firstName: 'Ada', lastName: 'Lovelace', email: 'ada.link@example.com' };
  const sale = { buyer, payment: { paymentType: 'CASH' } };
  const { body } = await world.sell(await world.newEvent(), sale);
  const load = async () => {
    const order = await orders.load(organizationId, body.orderId);
    if (order?.ledger[0] === undefined) throw new Error('the order is there');
    return { order, first: order.ledger[0] };
  };
  const { order: before, first } = await load();
  // As an exchange with a payment writes it.
  const documentLink = 'https://files.example.com/invoice-ada-lovelace.pdf';
  const linked = { ...first, transactionId: 'txn_linked', documentLink };
  const ledger = [first, linked];
  const after = { ...before, ledger, version: before.version + 1 };
  const nothing = { tickets: [], places: new Map(), messages: [] };
  const change = { before, after, ...nothing, nowMs: clock.nowMs };
  expect(await orders.commitChange(change)).toBe('committed');

  const contactId = String(before.contactId);
  const erasure = { organizationId, contactId, erasedAtMs: clock.nowMs, completed: false };
  await eraseOrder(world, erasure, body.orderId);
  const { documentLink: _gone, ...kept } = linked;
  expect((await load()).order.ledger).toEqual([first, kept]);
});
