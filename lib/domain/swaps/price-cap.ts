// How much a ticket may be resold for (product.md section 6): a percentage of its original price, by the country of
// the event. TicketSwap keeps to its cap itself; here it is enforced where a price reaches us.
import type { Organization } from '../organization.ts';

/** Percent of the original price. Where the law says nothing, TicketSwap's own rule of 120 holds. */
const CAP_PERCENT: ReadonlyMap<string, number> = new Map([
  ['FR', 100],
  ['PT', 100],
  ['NO', 100],
  ['BE', 100],
  ['DK', 105],
  ['IT', 105],
  ['PL', 105],
  ['AU', 110],
]);
const CAP_PERCENT_ELSEWHERE = 120;

/** What was originally paid for a ticket. */
export interface OriginalPrice {
  readonly priceMinor: number;
  readonly feeMinor: number;
}

/** Rounded down: the largest amount that isn't above the cap. */
export function toMaxPrice(
  { priceMinor, feeMinor }: OriginalPrice,
  {
    country,
    capBasis,
  }: {
    readonly country: string;
    readonly capBasis: Organization['secureSwap']['capBasis'];
  },
): number {
  const basisMinor = capBasis === 'price' ? priceMinor : priceMinor + feeMinor;
  const percent = CAP_PERCENT.get(country) ?? CAP_PERCENT_ELSEWHERE;
  return Number((BigInt(basisMinor) * BigInt(percent)) / 100n);
}
