// A ticket to be exchanged, and what can be seen of it afterwards.
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { barcodeKey } from '../../lib/table/keys.ts';
import { createExchangeWorld, type ExchangeWorld, GOLDEN_FEES } from './exchange-world.ts';
import type { EventToSell } from './order-world.ts';

export const SUCCESS = { type: 'Success', message: 'Success' };
export const eur = (amountMinor: number) => ({ amountMinor, currency: 'EUR' });

export interface ToExchange {
  readonly event: EventToSell;
  /** The type of 20.00. */
  readonly to: number;
  readonly orderId: number;
  readonly eventTicketId: number;
  readonly barcode: string;
}

/** With the golden fees. */
export async function createExchangeSetup() {
  const world = await createExchangeWorld();
  await world.fees(GOLDEN_FEES);
  const { organizers, key } = world;
  const readTicket = async ({ eventTicketId }: ToExchange) =>
    (await organizers(`GET /v1/tickets/${eventTicketId}`, { key })).body;
  return {
    world,
    setup: async (sale?: Record<string, unknown>, capacity?: number) => sell(world, sale, capacity),
    readTicket,
    setTicket: async ({ barcode }: ToExchange, name: string, value: unknown): Promise<void> => {
      await world.client.send(
        new UpdateCommand({
          TableName: world.tableName,
          Key: barcodeKey(world.organizationId, barcode),
          UpdateExpression: 'SET #name = :value',
          ExpressionAttributeNames: { '#name': name },
          ExpressionAttributeValues: { ':value': value },
        }),
      );
    },
    exchangesOf: async (made: ToExchange): Promise<number> => {
      const { history } = await readTicket(made);
      return history.filter(({ action }: { action: string }) => action === 'EXCHANGED').length;
    },
    /** Tickets of the event, and of its types in the order in which they were made. */
    soldOf: async ({ event }: ToExchange): Promise<readonly number[]> => {
      const types = await organizers(`GET /v1/events/${event.eventId}/ticket-types`, { key });
      const all = await organizers(`GET /v1/events/${event.eventId}`, { key });
      return [all.body.sold, ...types.body.items.map(({ sold }: { sold: number }) => sold)];
    },
  };
}

/** One ticket of 10.00 (S 11.85), and a type of 20.00 (S 22.20). */
async function sell(
  world: ExchangeWorld,
  sale: Record<string, unknown> = { payment: { paymentType: 'CASH' } },
  capacity?: number,
): Promise<ToExchange> {
  const event = await world.newEvent({}, { price: eur(1000) });
  const balcony = { name: 'Balcony', price: eur(2000) };
  const to = await world.newType(event.eventId, {
    ...balcony,
    ...(capacity === undefined ? {} : { capacity }),
  });
  const buyer = { firstName: 'Ada', email: 'ada@example.com' };
  const { body } = await world.sell(event, { buyer, ...sale });
  const [{ eventTicketId, barcode }] = body.tickets;
  return { event, to, orderId: body.orderId, eventTicketId, barcode };
}
