// The evidence of a sale, as the use cases see the table.
import type { TimelineEntry } from '../domain/marketplaces/timeline.ts';
import type { SaleIds } from './marketplace-ports.ts';

export interface TimelineStore {
  /** Also of an order that isn't a sale of ours yet. The first of several entries with one id stays. */
  readonly add: (ids: SaleIds, entries: readonly TimelineEntry[]) => Promise<void>;
  /** Oldest first, all of them. */
  readonly list: (ids: SaleIds) => Promise<readonly TimelineEntry[]>;
}
