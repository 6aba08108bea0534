// A marketplace's server on this machine, with a book of its own: what it believes of its sales is what a test asks.
// How it speaks and whom it believes is its own file's; here it fails, is slow and loses replies as a test says.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MarketplaceStand } from '../../../lib/domain/marketplaces/notice.ts';

export interface Booked {
  readonly orderId: string;
  readonly listingId: string;
  readonly quantity: number;
  readonly unitPriceMinor: number;
  readonly confirmBy?: string;
  stand: MarketplaceStand;
  seats: readonly string[];
  reason?: string;
  /** What was done to it in effect: once each, however often it was asked for. */
  readonly done: ('confirm' | 'reject')[];
}

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly host: string;
  readonly text: string;
  readonly nowMs: number;
}

export interface Said {
  readonly status: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export const json = (body: unknown, status = 200): Said => ({
  status,
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json' },
});

/** `hang up` does nothing; `lose the reply` does what was asked for; a number answers so and does nothing. */
export type Fault = 'hang up' | 'lose the reply' | 'answer late' | number | Said;

/** What was told to whom: the body and the headers of a webhook. */
export interface Delivery {
  readonly text: string;
  readonly headers: Readonly<Record<string, string>>;
}

export type Answer = (received: Received, book: Book) => Said;

export type Book = ReturnType<typeof createBook>;

function createBook() {
  const sales = new Map<string, Booked>();
  return {
    sales,
    /** Of each listing what was told of it last. */
    listings: new Map<string, number>(),
    /** A sale that a buyer made. */
    sell: (sale: Pick<Booked, 'orderId' | 'listingId' | 'quantity'> & Partial<Booked>): Booked => {
      const booked = { unitPriceMinor: 4000, stand: 'OPEN' as const, seats: [], done: [], ...sale };
      sales.set(booked.orderId, booked);
      return booked;
    },
    /** False: it isn't open any more. */
    confirm: (sale: Booked, seats: readonly string[] = []): boolean => {
      if (sale.stand !== 'OPEN') return false;
      Object.assign(sale, { stand: 'CONFIRMED', seats });
      sale.done.push('confirm');
      return true;
    },
    reject: (sale: Booked, reason?: string): boolean => {
      if (sale.stand !== 'OPEN') return false;
      Object.assign(sale, { stand: 'REJECTED', ...(reason === undefined ? {} : { reason }) });
      sale.done.push('reject');
      return true;
    },
  };
}

export interface StandIn {
  readonly url: string;
  readonly book: Book;
  readonly received: Received[];
  /** For the next calls, one each. */
  readonly failNext: (...faults: Fault[]) => void;
  /** For the next ones that tell it something, one each. */
  readonly failTelling: (...faults: Fault[]) => void;
  readonly close: () => Promise<void>;
}

/** Longer than a test's client waits. */
const LATE_MS = 1_500;

export async function startStandIn(answer: Answer, clock: () => number): Promise<StandIn> {
  const book = createBook();
  const received: Received[] = [];
  const faults: Fault[] = [];
  const tellingFaults: Fault[] = [];
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const url = new URL(request.url ?? '/', 'http://any');
    const call: Received = {
      method: request.method ?? '',
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers as Record<string, string | undefined>,
      host: request.headers.host ?? '',
      text,
      nowMs: clock(),
    };
    received.push(call);
    const isTelling = call.method !== 'GET' && !call.path.endsWith('/token');
    const fault = faults.shift() ?? (isTelling ? tellingFaults.shift() : undefined);
    if (fault === 'hang up') return void request.socket.destroy();
    if (typeof fault === 'number') return void response.writeHead(fault).end();
    const said = typeof fault === 'object' ? fault : answer(call, book);
    if (fault === 'lose the reply') return void request.socket.destroy();
    if (fault === 'answer late') await new Promise((resolve) => setTimeout(resolve, LATE_MS));
    response.writeHead(said.status, said.headers).end(said.body);
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    book,
    received,
    failNext: (...next) => void faults.push(...next),
    failTelling: (...next) => void tellingFaults.push(...next),
    close: async () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export const NOT_FOUND: Said = json({ message: 'not found' }, 404);
export const FORBIDDEN: Said = json({ message: 'who are you?' }, 401);

export const toDecimalText = (amountMinor: number): string => (amountMinor / 100).toFixed(2);
