import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { expect, inject, it } from 'vitest';
import { present } from '../../lib/domain/assert.ts';
import { toContactId } from '../../lib/domain/contact.ts';
import { createOrdersContainer } from '../../lib/runtime/container/orders.ts';
import { eraseOrder } from '../../lib/table/erase-order.ts';
import { testAwsConfig } from '../support/aws.ts';
import { createHoldWorld } from '../support/hold-world.ts';

const world = await createHoldWorld();
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

it('a ticket that is sold on at that very moment keeps the name of its buyer, and loses the note in the next pass', async () => {
  const { organizationId, calls, clock } = world;
  const contactId = toContactId('ada.moved@example.com', 'secret');
  const seat = { contactId, holderName: 'Ada Lovelace', note: 'Ada sits in front' };
  const { tickets, listingId } = await world.listSeats(await world.newEvent(), 1, {}, seat);
  const { eventTicketId, orderId } = present(tickets[0], 'it was listed');
  await calls.place({ holdRequestId: 'moved', listingId });
  const invoice = async () =>
    calls.invoice('moved', 'GT-moved', { buyer: { name: 'Grace', email: 'grace@example.com' } });
  const load = async () => {
    const found = await calls.deps.holds.find({
      organizationId,
      marketplace: 'gametime',
      holdRequestId: 'moved',
    });
    if (found === undefined || !('tickets' in found)) throw new Error('it was held');
    return (await calls.deps.holds.loadTickets(found))[0];
  };
  const erasure = { organizationId, contactId, erasedAtMs: clock.nowMs, completed: false };
  const { client, sold } = createInterrupted('REMOVE nam', invoice);
  await eraseOrder({ client, tableName: world.tableName }, erasure, orderId);
  expect(sold()).toMatchObject([{ ok: true }]);
  expect(await load()).toMatchObject({ eventTicketId, holderName: 'Grace', note: seat.note });

  await eraseOrder(world, erasure, orderId);
  const after = await load();
  expect(after).toMatchObject({ eventTicketId, holderName: 'Grace' });
  expect(after).not.toHaveProperty('note');
});

/** Before the first call that has the text in it, something else comes first. */
function createInterrupted<T>(text: string, interrupt: () => Promise<T>) {
  const done: T[] = [];
  const bare = new DynamoDBClient(testAwsConfig(inject('dynamoDbEndpoint')));
  bare.middlewareStack.add(
    (next) => async (args) => {
      if (done.length === 0 && JSON.stringify(args.input).includes(text)) {
        done.push(await interrupt());
      }
      return next(args);
    },
    { step: 'initialize', priority: 'high' },
  );
  return { client: DynamoDBDocumentClient.from(bare), sold: () => done };
}
