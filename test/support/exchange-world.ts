// An organization with events, types and fees, and the exchange's routes as a host calls them.
import { QueryCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { OutboxMessage } from '../../lib/app/outbox-ports.ts';
import { fromOutboxItem } from '../../lib/table/outbox.ts';
import { orderPartition } from '../../lib/table/keys.ts';
import type { Api, Reply } from './api.ts';
import type { TestTable } from './table.ts';
import { createOrderWorld, type EventToSell, type OrderWorld } from './order-world.ts';

export const GOLDEN_FEES = {
  flats: {
    EUR: { platformMinor: 150, cardMinor: 30 },
    JPY: { platformMinor: 150, cardMinor: 30 },
    KWD: { platformMinor: 1500, cardMinor: 300 },
  },
  platformBp: 350,
  cardBp: 290,
  internationalCardBp: 150,
  mode: 'passed_on',
  cardFeeRefundable: true,
};

export interface Exchange {
  readonly event: EventToSell;
  readonly orderId: number;
  readonly eventTicketId: number;
  readonly to: number;
  readonly payment?: Readonly<Record<string, unknown>>;
  readonly more?: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly quoteId?: string;
}

export interface ExchangeWorld extends OrderWorld {
  /** Over the world's own API unless told otherwise. */
  readonly exchange: (exchange: Exchange, api?: Api) => Promise<Reply>;
  readonly quote: (exchange: Exchange) => Promise<Reply>;
  readonly settle: (event: EventToSell, orderId: number, body: unknown) => Promise<Reply>;
  readonly typeOf: (event: EventToSell, amountMinor: number, currency?: string) => Promise<number>;
  readonly fees: (fees: Readonly<Record<string, unknown>> | null) => Promise<void>;
  /** What the order's changes have to tell, sorted by type and cause. */
  readonly messagesOf: (orderId: number) => Promise<readonly OutboxMessage[]>;
  readonly ledgerItems: (orderId: number) => Promise<number>;
}

const toOrder = (message: OutboxMessage): string =>
  message.type + ('cause' in message ? message.cause : '');

export const toExchangePath = (event: EventToSell, orderId: number): `/${string}` =>
  `/rest/host/event/${event.eventUrl}/order/${orderId}/transfer-event-ticket`;

export async function createExchangeWorld(table?: TestTable): Promise<ExchangeWorld> {
  const world = await createOrderWorld(table);
  const { organizers, key, client, tableName: TableName, organizationId } = world;
  const toBody = ({ orderId, eventTicketId, to, payment, more }: Exchange) => ({
    eventTicketId,
    newTicketTypeId: to,
    sentMailToAttendee: false,
    orderId,
    ...(payment === undefined ? {} : { paymentDetails: payment }),
    ...more,
  });
  return {
    ...world,
    exchange: async (exchange, api = organizers) => {
      world.clock.nowMs += 1;
      const path = toExchangePath(exchange.event, exchange.orderId);
      const query = exchange.quoteId === undefined ? '' : `?quoteId=${exchange.quoteId}`;
      const { headers = {} } = exchange;
      return api(`PUT ${path}${query}`, { key, body: toBody(exchange), headers });
    },
    quote: async (exchange) =>
      world.post(`${toExchangePath(exchange.event, exchange.orderId)}/quote`, toBody(exchange)),
    settle: async ({ eventUrl }, orderId, body) =>
      world.post(`/rest/host/event/${eventUrl}/order/${orderId}/settle`, body),
    typeOf: async ({ eventId }, amountMinor, currency = 'EUR') =>
      world.newType(eventId, { name: `Type ${amountMinor}`, price: { amountMinor, currency } }),
    async fees(fees) {
      const patched = await organizers('PATCH /v1/organization', { key, body: { fees } });
      if (patched.status !== 200) throw new Error(JSON.stringify(patched.body));
    },
    async messagesOf(orderId) {
      const { Items = [] } = await client.send(new ScanCommand({ TableName }));
      return Items.flatMap((item) => fromOutboxItem(item)?.message ?? [])
        .filter((message) => 'orderId' in message && message.orderId === orderId)
        .toSorted((a, b) => (toOrder(a) < toOrder(b) ? -1 : 1));
    },
    async ledgerItems(orderId) {
      const { Items = [] } = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk AND begins_with(sk, :ledger)',
          ExpressionAttributeValues: {
            ':pk': orderPartition(organizationId, orderId),
            ':ledger': 'LED#',
          },
        }),
      );
      return Items.length;
    },
  };
}
