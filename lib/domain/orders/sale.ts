// What is asked for in a sale, and what may be wrong with it beyond its form.
import { MARKETPLACES } from '../access.ts';
import { sum } from '../money.ts';
import type { Fault } from '../refusals.ts';
import { COMPLIMENTARY_PAYMENT_TYPE, IMPORT_PAYMENT_TYPE, ORDER_TICKETS_MAX } from './order.ts';

type Maybe<T> = { readonly [K in keyof T]?: T[K] | undefined };

export type Person = Maybe<{
  readonly name: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string;
}>;

export interface SaleItem {
  readonly ticketTypeId: number;
  readonly quantity: number;
  /** The first holders; tickets without one are the buyer's. */
  readonly holders?: readonly Person[] | undefined;
}

export interface Sale {
  readonly orderId?: number | undefined;
  readonly buyer?: Omit<Person, 'name'> | undefined;
  readonly items: readonly SaleItem[];
  /** Absent: the order is to be paid later. */
  readonly payment?:
    | {
        readonly paymentType: string;
        readonly card?: { readonly isInternational: boolean } | undefined;
      }
    | undefined;
}

/** Both count against the 100 items of a transaction, beside 40 tickets and the order. */
const TYPES_AND_CONTACTS_MAX = 50;

/** A marketplace's name is its id, written as people write it. */
const toPlain = (type: string): string => type.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
/** Payment types that mean money which somebody else has. */
const EXTERNAL_PAYMENT_TYPES: ReadonlySet<string> = new Set(
  [IMPORT_PAYMENT_TYPE, ...MARKETPLACES].map(toPlain),
);
const isExternalPaymentType = (type: string): boolean => EXTERNAL_PAYMENT_TYPES.has(toPlain(type));
export const isComplimentaryPayment = (type: string): boolean =>
  type.toUpperCase() === COMPLIMENTARY_PAYMENT_TYPE;
/** No host takes money of these types. */
export const isKeptPaymentType = (type: string): boolean =>
  isExternalPaymentType(type) || isComplimentaryPayment(type);

export const toPersonName = ({ name, firstName, lastName }: Person): string =>
  (name ?? [firstName, lastName].filter((part) => part !== undefined).join(' ')).trim();

/** All faults at once. */
export function findSaleFaults(sale: Sale, types: ReadonlySet<number>): Fault[] {
  const faults: Fault[] = [];
  for (const [at, { ticketTypeId, quantity, holders = [] }] of sale.items.entries()) {
    if (!types.has(ticketTypeId)) {
      const detail = 'must be a ticket type of this event';
      faults.push({ pointer: `/items/${at}/ticketTypeId`, detail });
    }
    if (holders.length > quantity) {
      faults.push({ pointer: `/items/${at}/holders`, detail: 'must not be more than quantity' });
    }
  }
  if (sum(sale.items.map(({ quantity }) => quantity)) > ORDER_TICKETS_MAX) {
    faults.push({ pointer: '/items', detail: `must be at most ${ORDER_TICKETS_MAX} tickets` });
  }
  if (countTypesAndContacts(sale) > TYPES_AND_CONTACTS_MAX) {
    const detail = `must be at most ${TYPES_AND_CONTACTS_MAX} different types and addresses together`;
    faults.push({ pointer: '/items', detail });
  }
  if (sale.payment !== undefined && isExternalPaymentType(sale.payment.paymentType)) {
    const detail = 'is kept for money that somebody else has';
    faults.push({ pointer: '/payment/paymentType', detail });
  }
  return faults;
}

const countTypesAndContacts = ({ buyer, items }: Sale): number => {
  const people = [buyer ?? {}, ...items.flatMap(({ holders = [] }) => holders)];
  const emails = new Set(people.flatMap(({ email }) => email ?? []));
  return new Set(items.map(({ ticketTypeId }) => ticketTypeId)).size + emails.size;
};
