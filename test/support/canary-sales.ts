// What a person leaves behind by exchanges, and at marketplaces: as who buys there, and as who had the ticket before.
import { MARKETPLACE_ROUTES } from '../../lib/http/routes/marketplaces/routes.ts';
import { ok } from '../../lib/domain/result.ts';
import { createMarketplacesContainer } from '../../lib/runtime/container/marketplaces.ts';
import { createApi, type Reply } from './api.ts';
import type { Person, PersonsWorld } from './persons.ts';
import { QUIET } from './world.ts';

type Body = Reply['body'];
type Post = (path: `/${string}`, body?: unknown) => Promise<Body>;
interface Event {
  readonly eventId: string;
  readonly eventUrl: string;
  readonly sell: (buyer: object) => Promise<Body>;
}

const UNIT_PRICE = { amountMinor: 4000, currency: 'EUR' };
const GRACE = { firstName: 'Grace', lastName: 'Hopper', email: 'grace@example.com' };

export const customerOf = ({ name, email }: Person) => ({
  firstName: name,
  lastName: name,
  email,
});

export async function createCanarySales(world: PersonsWorld, post: Post) {
  const { key, organizers, clock } = world;
  const marketplaces = createApi(MARKETPLACE_ROUTES, {
    ...createMarketplacesContainer(
      { TABLE_NAME: world.tableName, NOTICES_QUEUE_URL: 'http://127.0.0.1:9/none' },
      world.bare,
    ),
    clock: () => clock.nowMs,
    limiter: () => ok(undefined),
    logger: QUIET,
  });
  await organizers('PUT /v1/channels/gametime', { key, body: { enabled: true } });
  const gametime: string = (
    await post('/v1/keys', { scope: 'marketplace', marketplace: 'gametime' })
  ).key;
  const call = async (caller: string, path: `/${string}`, body: unknown): Promise<Body> => {
    clock.nowMs += 1;
    const reply = await marketplaces(`POST ${path}`, { key: caller, body });
    if (reply.status !== 201) throw new Error(JSON.stringify(reply.body));
    return reply.body;
  };

  /** Twice, because a token is kept only where there is no transaction id. */
  async function plantExchanges({ eventId, eventUrl, sell }: Event, person: Person) {
    const { name, email } = person;
    const { orderId, tickets } = await sell(customerOf(person));
    const references = [{ transactionId: `${email} 1` }, { tokenOrIntentId: `pi_${email}` }];
    for (const [at, reference] of references.entries()) {
      const price = { amountMinor: 20_000 + at * 10_000, currency: 'EUR' };
      const type = await post(`/v1/events/${eventId}/ticket-types`, { name: `Box ${at}`, price });
      const path = `/rest/host/event/${eventUrl}/order/${orderId}/transfer-event-ticket` as const;
      const paymentDetails = {
        paymentType: 'CASH',
        amount: 1,
        note: `${name} moves up`,
        paymentDate: `birthday of ${name}`,
        documentLink: `https://files.example.com/${email}.pdf`,
        ...reference,
      };
      clock.nowMs += 1;
      const { eventTicketId } = tickets[0];
      const { ticketTypeId: newTicketTypeId } = type;
      const body = { eventTicketId, newTicketTypeId, paymentDetails };
      const reply = await organizers(`PUT ${path}`, { key, body });
      if (reply.status !== 200) throw new Error(JSON.stringify(reply.body));
    }
  }

  async function sellAtMarket(id: string, eventTicketId: number, buyer: object) {
    const body = {
      eventTicketIds: [eventTicketId],
      unitPrice: UNIT_PRICE,
      channels: ['gametime'],
    };
    const { listingId } = await call(key, '/v1/listings', body);
    const holds = '/v1/marketplaces/gametime/holds';
    await call(gametime, holds, { holdRequestId: id, listingId, quantity: 1 });
    const invoice = async (): Promise<Body> =>
      call(gametime, `${holds}/${id}/invoice`, { marketplaceOrderId: id, buyer });
    const { orderId } = await invoice();
    return { orderId: Number(orderId), eventTicketId, invoice };
  }

  /** Tickets that were imported for the person and for somebody else, sold to the other one each. */
  async function plantResales(tag: string, eventId: string, person: Person) {
    await world.imported(eventId, world.toFile(`${tag}-market`, person));
    const listed = await organizers(`GET /v1/events/${eventId}/tickets?origin=IMPORTED`, { key });
    const toId = (row: number): number =>
      listed.body.items.find(
        ({ barcode }: { readonly barcode: string }) => barcode === `${tag}-market-${row}`,
      ).eventTicketId;
    return {
      withNote: await sellAtMarket(`${tag}-1`, toId(1), GRACE),
      withNoteApart: await sellAtMarket(`${tag}-2`, toId(2), GRACE),
      bought: await sellAtMarket(`${tag}-3`, toId(3), customerOf(person)),
    };
  }
  return { plantExchanges, plantResales };
}
