// Undoing an import: which of its tickets may go, and the account of those that went and those that stayed.
import type { Ticket } from '../ticket.ts';

export const STAY_REASONS = [
  'admitted',
  'held',
  'sold',
  'exchanged',
  'swapped',
  'replaced',
  'canceled',
] as const;
export type StayReason = (typeof STAY_REASONS)[number];

export interface UndoState {
  /** Tickets of the rows up to this one have been looked at in this pass. */
  readonly row: number;
  /** Tickets that the import still has. */
  readonly left: number;
  /** Tickets that were deleted one by one, as far as `left` knows of them. */
  readonly deleted: number;
  /** Tickets that this pass met and left, and why. */
  readonly stayed: number;
  readonly reasons: Readonly<Partial<Record<StayReason, number>>>;
  readonly pass: number;
  /** Its tickets are dealt with, and their buyers come next. */
  readonly ticketsDone?: true;
  /** Buyers that have no ticket of the import any more, and contacts that it had made among them. */
  readonly buyersGone: BuyersGone;
}
export interface BuyersGone {
  readonly total: number;
  readonly created: number;
}
const NO_BUYERS_GONE: BuyersGone = { total: 0, created: 0 };

/**
 * Passes over an import's tickets. They are found through an index that may lag; a pass that met fewer than there
 * are is followed by another one. Each is another message, so ten of them outlast the lag by far.
 */
const PASSES_MAX = 10;

/** The first attempt, or another one at what stayed. */
export const toUndoStart = (ticketsMade: number, before: UndoState | undefined): UndoState => ({
  row: 0,
  left: before?.left ?? ticketsMade,
  deleted: before?.deleted ?? 0,
  stayed: 0,
  reasons: {},
  pass: 1,
  buyersGone: before?.buyersGone ?? NO_BUYERS_GONE,
});

/** Why an imported ticket can't be deleted now, or undefined. The condition of the delete states the same facts. */
export function findStayReason(
  ticket: Pick<
    Ticket,
    'standing' | 'origin' | 'admissions' | 'heldUntilMs' | 'reissues' | 'isExchanged' | 'isSold'
  >,
  nowMs: number,
): StayReason | undefined {
  switch (ticket.standing) {
    case 'SWAPPED':
      return 'swapped';
    case 'REPLACED':
      return 'replaced';
    case 'CANCELED':
      return 'canceled';
    case 'ACTIVE':
    case 'BLOCKED':
      if (ticket.origin !== 'IMPORTED' || ticket.isSold === true) return 'sold';
      if (ticket.admissions > 0) return 'admitted';
      // Somebody was sent a new barcode for it, and the file's own one is retired for good.
      if (ticket.reissues !== undefined) return 'replaced';
      if (ticket.isExchanged === true) return 'exchanged';
      return (ticket.heldUntilMs ?? 0) > nowMs ? 'held' : undefined;
  }
}

/** The account after some more tickets: `reasons` has one entry for each that stays, `gone` is how many went. */
export function account(
  undo: UndoState,
  more: { readonly row: number; readonly gone: number; readonly reasons: readonly StayReason[] },
): UndoState {
  const reasons = { ...undo.reasons };
  for (const reason of more.reasons) reasons[reason] = (reasons[reason] ?? 0) + 1;
  return {
    ...undo,
    row: more.row,
    left: undo.left - more.gone,
    stayed: undo.stayed + more.reasons.length,
    reasons,
  };
}

/** A buyer of whom tickets of the import went. */
export interface LeftBuyer {
  readonly contactId: string;
  /** The contact as it is now; absent when it is gone, or never had anything of the import. */
  readonly contact?: {
    readonly orderId: number;
    /** Changes with every source that the contact gets. */
    readonly version: number;
    /** The import made the contact. */
    readonly isOwn: boolean;
    /** Another import, a sale or something else refers to it. */
    readonly hasOthers: boolean;
  };
  /** A ticket of the import is still theirs, or something was done with their order. */
  readonly isKept: boolean;
}

/** `leave`: nothing changes. `unlink`: others need the contact. `remove`: nothing refers to it any more. */
export function decideBuyer({ contact, isKept }: LeftBuyer): 'leave' | 'unlink' | 'remove' {
  if (contact === undefined || isKept) return 'leave';
  return contact.hasOthers ? 'unlink' : 'remove';
}

export function accountBuyers(undo: UndoState, buyers: readonly LeftBuyer[]): UndoState {
  const gone = buyers.filter((buyer) => decideBuyer(buyer) !== 'leave');
  const { total, created } = undo.buyersGone;
  return {
    ...undo,
    buyersGone: {
      total: total + gone.length,
      created: created + gone.filter(({ contact }) => contact?.isOwn).length,
    },
  };
}

/** At the end of a pass; `deleted` is how many tickets of the import were deleted one by one. */
export function endPass(
  undo: UndoState,
  deleted: number,
): { readonly as: 'again' | 'UNDONE' | 'UNDONE_PARTLY'; readonly undo: UndoState } {
  const left = undo.left - (deleted - undo.deleted);
  const { ticketsDone: _over, ...rest } = undo;
  const counted = { ...rest, left, deleted };
  if (left !== undo.stayed && undo.pass < PASSES_MAX) {
    return { as: 'again', undo: { ...toUndoStart(left, counted), pass: undo.pass + 1 } };
  }
  const as = left === 0 ? 'UNDONE' : 'UNDONE_PARTLY';
  return { as, undo: { ...counted, stayed: left } };
}
