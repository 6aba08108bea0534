import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SaleFormat } from '../../lib/app/sale-format-ports.ts';
import { REJECT_REASONS } from '../../lib/domain/marketplaces/notice.ts';
import { gametime } from '../../lib/marketplaces/gametime.ts';
import { seatgeek } from '../../lib/marketplaces/seatgeek.ts';
import { stubhub } from '../../lib/marketplaces/stubhub.ts';
import {
  ticketEvolutionOrders,
  toTicketEvolutionSignature,
} from '../../lib/marketplaces/ticket-evolution-orders.ts';
import { vividSeats } from '../../lib/marketplaces/vivid-seats.ts';

const FORMATS: Readonly<Record<string, SaleFormat>> = {
  stubhub,
  'vivid-seats': vividSeats,
  seatgeek,
  gametime,
  'ticket-evolution': ticketEvolutionOrders,
};
const answer = (body: unknown, status = 200) => ({
  status,
  body: typeof body === 'string' ? body : JSON.stringify(body),
});
const toStand = (told: ReturnType<SaleFormat['parseSale']>) =>
  typeof told === 'object' ? told.stand : told;
const SALE = { marketplaceOrderId: '77/1', seats: ['5', '6'], reviewerId: '31' };

describe.each(Object.entries(FORMATS))('%s', (_, format) => {
  it('takes any text as no sale of its own, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
        format.parseDelivery(text);
        format.parseSale(answer(text), 'EUR');
        format.parsePage(answer(text), 'EUR');
        format.toVerdict(answer(text));
      }),
    );
    expect(format.parseSale(answer('nothing'), 'EUR')).toBeUndefined();
    expect(format.parsePage(answer('{}', 500), 'EUR')).toBeUndefined();
  });

  it('tries again after a limit, a fault of the server and refused credentials, and takes another refusal as final', () => {
    expect(format.toVerdict(answer('', 401))).toBe('again');
    expect(format.toVerdict(answer('', 429))).toBe('again');
    expect(format.toVerdict(answer('', 503))).toBe('again');
    expect(format.toVerdict(answer('', 404))).toBe('refused');
  });

  it('asks for a page and for one sale without a body', () => {
    expect(format.toPoll(2, 0)).toMatchObject({ method: 'GET' });
    expect(format.toRead('77/1')).toMatchObject({ method: 'GET' });
  });
});

describe('stubhub', () => {
  const sale = {
    id: 77,
    status: 'ConfirmSale',
    external_listing_id: 'lst1',
    number_of_tickets: 2,
    confirm_by: '2026-12-01T12:00:00Z',
    proceeds: { amount: 61.5, currency_code: 'EUR' },
  };

  it('believes a notice only as a pointer to the sale, and a withdrawn hold by its id', () => {
    const told = (topic: string) =>
      stubhub.parseDelivery(JSON.stringify({ topic, _embedded: { sale: { id: 77 } } }));
    expect(told('Sales')).toMatchObject([{ type: 'sale.told', marketplaceOrderId: '77' }]);
    expect(told('ProvisionalSale')).toMatchObject([{ type: 'sale.told' }]);
    expect(told('CancelProvisionalSale')).toMatchObject([
      { type: 'hold.released', holdRequestId: '77' },
    ]);
    expect(stubhub.parseDelivery('{"topic":"Ping"}')).toEqual([]);
  });

  it('reads a sale with its deadline, and the price of one of its tickets', () => {
    expect(stubhub.parseSale(answer(sale), 'EUR')).toEqual({
      stand: 'OPEN',
      sale: {
        marketplaceOrderId: '77',
        listingId: 'lst1',
        quantity: 2,
        confirmByMs: Date.UTC(2026, 11, 1, 12),
        unitPriceMinor: 3075,
      },
    });
    const stands = ['UnderReview', 'Cancelled', 'GetPaid'].map((status) =>
      toStand(stubhub.parseSale(answer({ ...sale, status }), 'EUR')),
    );
    expect(stands).toEqual(['UNDER_REVIEW', 'CANCELED', 'CONFIRMED']);
  });

  it('confirms by PATCH and rejects by DELETE', () => {
    expect(stubhub.toConfirm(SALE)).toMatchObject({
      method: 'PATCH',
      path: '/sales/77%2F1',
      body: '{"confirmed":true}',
    });
    expect(stubhub.toReject(SALE, 'fraud')).toEqual({ method: 'DELETE', path: '/sales/77%2F1' });
  });
});

describe('vivid-seats', () => {
  const order = (status: string) =>
    `<order><orderId>77</orderId><brokerTicketId>0012</brokerTicketId><quantity>2</quantity><cost>30.75</cost>
     <status>${status}</status><seats><seat>5</seat><seat>6</seat></seats><firstName>Ann &amp; Bo</firstName></order>`;

  it('reads none, one and several orders, their ids as they are written', () => {
    const page = (inner: string) =>
      vividSeats.parsePage(answer(`<?xml version="1.0"?><orders>${inner}</orders>`), 'EUR');
    expect(page('')).toEqual({ sales: [], isLast: true });
    expect(page(order('UNCONFIRMED'))?.sales).toEqual([
      {
        stand: 'OPEN',
        sale: {
          marketplaceOrderId: '77',
          listingId: '0012',
          quantity: 2,
          seats: ['5', '6'],
          unitPriceMinor: 3075,
          buyer: { name: 'Ann & Bo' },
        },
      },
    ]);
    expect(page(order('PENDING_RESERVATION') + order('COMPLETED'))?.sales).toMatchObject([
      { stand: 'UNDER_REVIEW' },
      { stand: 'CONFIRMED' },
    ]);
  });

  it('takes 200 with success=false as a refusal, and 200 without an answer as none', () => {
    const verdict = (success: string) =>
      vividSeats.toVerdict(answer(`<response><success>${success}</success></response>`));
    expect(verdict('true')).toBe('done');
    expect(verdict('false')).toBe('refused');
    expect(vividSeats.toVerdict(answer('<html>'))).toBe('again');
  });
});

describe('seatgeek', () => {
  it('takes all messages of an envelope, and none of listings', () => {
    const body = {
      metadata: { schema_version: 1 },
      data: [
        { id: 'm1', type: 'order.created', order_id: 'A' },
        { id: 'm2', type: 'listing.visibility' },
        { id: 'm3', type: 'order.broken', order_id: 'B' },
      ],
    };
    expect(seatgeek.parseDelivery(JSON.stringify(body))).toEqual([
      { noticeId: 'm1', type: 'sale.told', marketplaceOrderId: 'A' },
      { noticeId: 'm3', type: 'sale.told', marketplaceOrderId: 'B' },
    ]);
  });

  it('sets the status by a form of several parts', () => {
    const { contentType, body } = seatgeek.toConfirm(SALE);
    expect(contentType).toBe('multipart/form-data; boundary=swapgate-771');
    const part = (name: string, value: string) =>
      `--swapgate-771\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;
    expect(body).toBe(
      `${part('order_id', '77/1')}${part('status', 'confirmed')}${part('seats', '5,6')}--swapgate-771--\r\n`,
    );
  });

  it('reads each of its states', () => {
    const stands = ['submitted', 'confirmed', 'fulfilled', 'denied', 'void'].map((status) => {
      const order = { order_id: 'A', status, seller_listing_id: 'lst1', quantity: 1 };
      return toStand(seatgeek.parseSale(answer(order), 'EUR'));
    });
    expect(stands).toEqual(['OPEN', 'CONFIRMED', 'CONFIRMED', 'REJECTED', 'CANCELED']);
  });
});

describe('gametime', () => {
  const purchase = { id: 77, source_id: 'lst1', quantity: 2, unit_price: 3075 };

  it('reads a purchase in cents by its number', () => {
    expect(gametime.parseDelivery(JSON.stringify(purchase))).toEqual([
      { noticeId: 'sale 77', type: 'sale.told', marketplaceOrderId: '77' },
    ]);
    const page = { purchases: [{ ...purchase, status: 'unconfirmed' }] };
    expect(gametime.parseSale(answer(page), 'USD')).toEqual({
      stand: 'OPEN',
      sale: { marketplaceOrderId: '77', listingId: 'lst1', quantity: 2, unitPriceMinor: 3075 },
    });
  });

  it('takes a listing off when none is left', () => {
    expect(gametime.toListing?.('lst1', 0)?.method).toBe('DELETE');
    expect(gametime.toListing?.('lst1', 3)).toMatchObject({ body: '{"quantity":3}' });
  });
});

describe('ticket-evolution', () => {
  const order = {
    id: 77,
    seller_state: 'pending',
    items: [{ quantity: 2, price: '30.75', ticket_group: { remote_id: 'lst1' } }],
  };

  it('reads the order out of a form sent to the seller, and nothing sent to buyers', () => {
    const form = (recipient: string) =>
      String(
        new URLSearchParams({
          recipient,
          event_type: 'order_created',
          body: JSON.stringify(order),
        }),
      );
    expect(ticketEvolutionOrders.parseDelivery(form('seller'))).toMatchObject([
      { type: 'sale.told', marketplaceOrderId: '77' },
    ]);
    expect(ticketEvolutionOrders.parseDelivery(form('buyer'))).toEqual([]);
  });

  it('waits for the review of the buyer', () => {
    const stand = (fraud_check_status: string | null) =>
      toStand(ticketEvolutionOrders.parseSale(answer({ ...order, fraud_check_status }), 'USD'));
    expect(stand(null)).toBe('OPEN');
    expect(stand('approved')).toBe('OPEN');
    expect(stand('pending')).toBe('UNDER_REVIEW');
  });

  it('rejects with one of its six reasons', () => {
    const reasons = REJECT_REASONS.map((reason) => {
      const { body = '' } = ticketEvolutionOrders.toReject(SALE, reason);
      return JSON.parse(body).reason;
    });
    expect(new Set(reasons).size).toBe(6);
  });

  it('signs the query sorted by name, and the body as it is sent', () => {
    const secret = 'a secret';
    const sign = (text: string) => createHmac('sha256', secret).update(text).digest('base64');
    const get = { method: 'GET', path: '/v9/orders', query: { b: '2', a: '1' } } as const;
    expect(toTicketEvolutionSignature(secret, 'api.example', get)).toBe(
      sign('GET api.example/v9/orders?a=1&b=2'),
    );
    const post = { method: 'POST', path: '/v9/orders/1/accept', body: '{"x":1}' } as const;
    expect(toTicketEvolutionSignature(secret, 'api.example', post)).toBe(
      sign('POST api.example/v9/orders/1/accept?{"x":1}'),
    );
  });
});
