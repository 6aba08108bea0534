// The ledger's fold: what each transaction still holds and for which ticket. Nothing here is stored; a refund is an
// entry of its own that points at the payment from which it takes.
import { present } from '../assert.ts';
import { sum } from '../money.ts';
import { IMPORT_PAYMENT_TYPE, type LedgerEntry, type Order } from './order.ts';

/** A payment and what of it hasn't been given back. */
export interface Holding {
  readonly payment: LedgerEntry;
  /** Subtotals by ticket; a ticket from which nothing is left has 0. */
  readonly byTicket: ReadonlyMap<number, number>;
  readonly heldMinor: number;
  readonly cardFeeMinor: number;
  readonly excessMinor: number;
}

export const isGivingBack = ({ kind }: LedgerEntry): boolean =>
  kind === 'REFUND' || kind === 'HOST_SETTLES';

/** All transactions, oldest first: those that an import brought stand on the order's lines. */
export const toTransactions = (order: Pick<Order, 'lines' | 'ledger' | 'createdAtMs'>) => [
  ...toImportEntries(order),
  ...order.ledger,
];

function toImportEntries({
  lines,
  createdAtMs,
}: Pick<Order, 'lines' | 'createdAtMs'>): readonly LedgerEntry[] {
  return lines.flatMap(({ eventTicketId, importedMinor }): LedgerEntry[] =>
    importedMinor === undefined
      ? []
      : [
          {
            transactionId: `txn_import_${eventTicketId}`,
            kind: 'PAYMENT',
            paymentType: IMPORT_PAYMENT_TYPE,
            amountMinor: importedMinor,
            cardFeeMinor: 0,
            allocations: [{ eventTicketId, subtotalMinor: importedMinor, cardFeeMinor: 0 }],
            atMs: createdAtMs,
            status: 'DONE',
            external: true,
          },
        ],
  );
}

/** What every payment still holds, oldest payment first. A refund counts from its entry on, whatever its status. */
export function toHoldings(transactions: readonly LedgerEntry[]): readonly Holding[] {
  const takenFrom = Map.groupBy(transactions.filter(isGivingBack), (entry) =>
    present(entry.of, 'what gives back names its payment'),
  );
  return transactions
    .filter(({ kind }) => kind === 'PAYMENT')
    .map((payment) => toHolding(payment, takenFrom.get(payment.transactionId) ?? []));
}

function toHolding(payment: LedgerEntry, taken: readonly LedgerEntry[]): Holding {
  const byTicket = new Map(
    payment.allocations.map((part) => [part.eventTicketId, part.subtotalMinor]),
  );
  for (const { eventTicketId, subtotalMinor } of taken.flatMap((entry) => entry.allocations)) {
    byTicket.set(eventTicketId, (byTicket.get(eventTicketId) ?? 0) - subtotalMinor);
  }
  const left = (of: (entry: LedgerEntry) => number): number => of(payment) - sum(taken.map(of));
  return {
    payment,
    byTicket,
    heldMinor: sum(byTicket.values()),
    cardFeeMinor: left((entry) => entry.cardFeeMinor),
    excessMinor: left((entry) => entry.excessMinor ?? 0),
  };
}

/** Adds up what the entries say about each ticket. */
export function sumByTicket(entries: readonly LedgerEntry[]): ReadonlyMap<number, number> {
  const byTicket = new Map<number, number>();
  for (const { eventTicketId, subtotalMinor } of entries.flatMap((entry) => entry.allocations)) {
    byTicket.set(eventTicketId, (byTicket.get(eventTicketId) ?? 0) + subtotalMinor);
  }
  return byTicket;
}
