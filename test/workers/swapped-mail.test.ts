// A swap at TicketSwap, up to the mail in the new holder's inbox.
import { expect, it } from 'vitest';
import { ok } from '../../lib/domain/result.ts';
import { TICKETSWAP_ROUTES } from '../../lib/http/routes/ticketswap/routes.ts';
import { createTicketswapContainer } from '../../lib/runtime/container/ticketswap.ts';
import { createApi } from '../support/api.ts';
import { anEvent } from '../support/builders.ts';
import { createMailWorld } from '../support/mail-world.ts';
import { readPdf } from '../support/read-pdf.ts';
import { QUIET } from '../support/world.ts';

const world = await createMailWorld();
const { key } = world;
const post = async (path: `/${string}`, body: unknown) => {
  world.clock.nowMs += 1;
  const reply = await world.organizers(`POST ${path}`, { key, body });
  if (reply.status >= 300) throw new Error(JSON.stringify(reply.body));
  return reply.body;
};
const ticketswap = createApi(TICKETSWAP_ROUTES, {
  ...createTicketswapContainer(world.env, world.bare),
  clock: () => world.clock.nowMs,
  logger: QUIET,
  limiter: () => ok(undefined),
});

it('the new holder gets the ticket with the new barcode by mail, which the door admits; the seller gets nothing', async () => {
  await world.organizers('PATCH /v1/organization', {
    key,
    body: { secureSwap: { enabled: true } },
  });
  const { eventId } = await post('/v1/events', anEvent());
  const type = { name: 'Regular', price: { amountMinor: 2500, currency: 'EUR' } };
  const { ticketTypeId } = await post(`/v1/events/${eventId}/ticket-types`, type);
  const sold = await post(`/v1/events/${eventId}/orders`, {
    buyer: { firstName: 'Ada', lastName: 'Seller', email: 'seller@swapped-mail.example' },
    items: [{ ticketTypeId, quantity: 1 }],
    payment: { paymentType: 'CASH' },
  });
  await world.settle();
  const before = await world.inbox('seller@swapped-mail.example');
  const swapKey = (await post('/v1/keys', { scope: 'marketplace', marketplace: 'ticketswap' })).key;
  const [{ barcode }] = sold.tickets;
  const customer = { firstName: 'Grace', lastName: 'Buyer', email: 'buyer@swapped-mail.example' };
  const body = { ticket: { barcode }, customer };
  const swapped = await ticketswap('POST /ticketswap/swap', { key: swapKey, body });
  expect(swapped.status).toBe(201);
  expect(await world.settle()).toBe(0);

  const [mail, ...others] = await world.inbox('buyer@swapped-mail.example');
  expect(others).toEqual([]);
  const [page] = await readPdf(Buffer.from(mail?.attachments[0]?.content ?? '', 'base64'));
  expect(page?.text).toContain('Grace Buyer');
  expect(page?.text).not.toContain('Ada');
  expect(page?.barcodes.map(({ text }) => text)).toEqual([swapped.body.barcode]);
  expect(await world.inbox('seller@swapped-mail.example')).toEqual(before);
  const device = await post('/v1/devices', { name: 'Gate', eventIds: [eventId] });
  const scan = { scanId: 'new', eventId, barcode: page?.barcodes[0]?.text };
  const answer = await world.scans('POST /v1/validate', { key: device.key, body: scan });
  expect(answer.body).toMatchObject({ outcome: 'ADMITTED', ticket: { holderName: 'Grace Buyer' } });
});
