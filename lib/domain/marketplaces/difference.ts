// Whether what a marketplace thinks of a sale and what is known of it here go together.
import type { MarketplaceStand } from './notice.ts';
import type { SaleStatus } from './sale.ts';

/** What is known on one of the sides; `UNKNOWN`: it has no such sale. */
export type Here = SaleStatus | 'UNKNOWN';
export type There = MarketplaceStand | 'UNKNOWN';

/** A difference as it was found, again and again. */
export interface Difference {
  readonly marketplaceOrderId: string;
  readonly here: Here;
  readonly there: There;
  readonly firstSeenAtMs: number;
  readonly lastSeenAtMs: number;
  readonly times: number;
}

/**
 * `agreed`: nothing is left to do. `underWay`: nobody is wrong, and something may have to follow. `different`: one of the
 * two has missed something.
 */
type Agreement = 'agreed' | 'underWay' | 'different';

const OVER: readonly There[] = ['REJECTED', 'CANCELED', 'UNKNOWN'];

export function compare(here: Here, there: There): Agreement {
  switch (here) {
    case 'UNKNOWN':
      return OVER.includes(there) ? 'agreed' : toNew(there);
    case 'UNAVAILABLE':
      return there === 'OPEN' || there === 'UNDER_REVIEW' ? 'underWay' : 'different';
    case 'INVOICED':
      return OVER.includes(there) ? 'different' : 'underWay';
    case 'CONFIRMED':
      return there === 'CONFIRMED' ? 'agreed' : 'different';
    case 'REJECTED':
    case 'AUTO_REJECTED':
    case 'CANCELED':
      return OVER.includes(there) ? 'agreed' : 'different';
    case 'CONFIRM_FAILED':
    case 'REJECT_FAILED':
      return 'different';
    case 'WAIVE_REQUESTED':
    case 'WAIVED':
      return 'agreed';
  }
}

/** A hold that binds nobody may be known or not. */
const toNew = (there: There): Agreement => (there === 'UNDER_REVIEW' ? 'underWay' : 'different');
