// A sale hears what became of telling its marketplace.
import { isCanceledAhead, toSettled } from '../../domain/marketplaces/sale.ts';
import type { SaleStore } from '../marketplace-ports.ts';
import type { SettleSale } from '../notice-ports.ts';

/** Each further try follows another change of this very sale. */
const TRIES_MAX = 20;

/** Repeat-safe; about a decision that is no longer the newest it changes nothing. */
export const createSettleSale =
  ({ sales }: { readonly sales: Pick<SaleStore, 'find' | 'change'> }): SettleSale =>
  async (told) => {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const before = await sales.find(told);
      if (before === undefined || isCanceledAhead(before)) return;
      const after = toSettled(before, told);
      if (after === undefined) return;
      if (await sales.change({ before, after, nowMs: told.nowMs })) return;
    }
    throw new Error('a sale changed all the time while it was settled');
  };
