// The fee schedule and its formulas (product.md section 7). Passed on, the buyer pays them on top of the price;
// absorbed, the buyer pays the price and the host bears them.
import { BASIS_POINTS, multiplyDivide } from '../money.ts';

export const FEE_MODES = ['passed_on', 'absorbed'] as const;
export type FeeMode = (typeof FEE_MODES)[number];

export interface FlatFees {
  /** Once for each ticket, over all its exchanges. */
  readonly platformMinor: number;
  /** For each charge of a card. */
  readonly cardMinor: number;
}

/** What an organization has set; without it there are no fees. */
export interface FeeSchedule {
  /** By currency; one that isn't named has no flat fees. */
  readonly flats: Readonly<Record<string, FlatFees>>;
  readonly platformBp: number;
  readonly cardBp: number;
  /** On top of `cardBp` for cards from abroad. */
  readonly internationalCardBp: number;
  readonly mode: FeeMode;
  readonly cardFeeRefundable: boolean;
}

/** The schedule as it is for one currency. */
export interface Fees extends Omit<FeeSchedule, 'flats'>, FlatFees {}

/** 40 %. Twice that for a card from abroad stays below 100 %, where no charge could cover its own fee. */
export const FEE_BP_MAX = 4_000;

const NO_FEES: Fees = {
  platformMinor: 0,
  cardMinor: 0,
  platformBp: 0,
  cardBp: 0,
  internationalCardBp: 0,
  mode: 'passed_on',
  cardFeeRefundable: true,
};

export function toFees(schedule: FeeSchedule | undefined, currency: string): Fees {
  if (schedule === undefined) return NO_FEES;
  const { flats, ...rest } = schedule;
  return { ...NO_FEES, ...rest, ...flats[currency] };
}

export interface Subtotal {
  /** S: what the buyer owes for the ticket, without a card's fee. */
  readonly subtotalMinor: number;
  /** The flat fee within it. */
  readonly flatMinor: number;
}

/**
 * S of a price. `flatChargedMinor` is the flat fee that the ticket carries already and keeps at an exchange; a ticket
 * without one gets today's. A free ticket has no fees, so becoming free gives the flat fee back.
 */
export function toSubtotal(priceMinor: number, fees: Fees, flatChargedMinor = 0): Subtotal {
  if (priceMinor === 0 || fees.mode === 'absorbed') {
    return { subtotalMinor: priceMinor, flatMinor: 0 };
  }
  const flatMinor = flatChargedMinor > 0 ? flatChargedMinor : fees.platformMinor;
  const percentMinor = multiplyDivide(priceMinor, fees.platformBp, BASIS_POINTS);
  return { subtotalMinor: priceMinor + flatMinor + percentMinor, flatMinor };
}

/** How a charge is made; a card from abroad costs more. */
export interface CardUse {
  readonly isInternational: boolean;
}

const toCardBp = (fees: Fees, { isInternational }: CardUse): number =>
  fees.cardBp + (isInternational ? fees.internationalCardBp : 0);

/** The fee that the buyer pays with a card for this subtotal: the fee of the whole charge, itself included. */
export function toCardFee(subtotalMinor: number, fees: Fees, card: CardUse): number {
  if (subtotalMinor === 0 || fees.mode === 'absorbed') return 0;
  const chargedMinor = multiplyDivide(
    subtotalMinor + fees.cardMinor,
    BASIS_POINTS,
    BASIS_POINTS - toCardBp(fees, card),
  );
  return chargedMinor - subtotalMinor;
}

/** The largest subtotal that a charge of this total pays for; what is left of the total is the card's fee. */
export function fromCardTotal(totalMinor: number, fees: Fees, card: CardUse): number {
  let low = 0;
  let high = totalMinor;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (middle + toCardFee(middle, fees, card) <= totalMinor) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * What the host bears of one ticket that was charged by card, and what it receives.
 * @internal Exported for tests: nothing shows it yet.
 */
export function toAbsorbed(priceMinor: number, fees: Fees, card: CardUse) {
  if (priceMinor === 0) return { platformMinor: 0, cardMinor: 0, hostReceivesMinor: 0 };
  const platformMinor =
    fees.platformMinor + multiplyDivide(priceMinor, fees.platformBp, BASIS_POINTS);
  const cardMinor = fees.cardMinor + multiplyDivide(priceMinor, toCardBp(fees, card), BASIS_POINTS);
  return { platformMinor, cardMinor, hostReceivesMinor: priceMinor - platformMinor - cardMinor };
}
