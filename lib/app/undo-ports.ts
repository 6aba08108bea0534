// The store of an import that is being undone.
import type { Import, ImportIds } from '../domain/imports/import.ts';
import type { LeftBuyer } from '../domain/imports/undo.ts';
import type { Ticket } from '../domain/ticket.ts';

export interface UndoStore {
  /** Tickets that the import still has after a row, as they lie in the table; `nextRow` unless there are no more. */
  readonly listTickets: (
    found: Import,
    page: { readonly after: number; readonly limit: number },
  ) => Promise<{ readonly tickets: readonly Ticket[]; readonly nextRow?: number }>;
  /**
   * Deletes tickets with their notes, gives their places back and books it, all at once or nothing. `changed`: this
   * ticket is no longer as it was read, and how it is now if it exists. `lost`: another run was faster.
   */
  readonly commit: (
    before: Import,
    after: Import,
    change: { readonly gone: readonly Ticket[]; readonly nowMs: number },
  ) => Promise<
    | { readonly as: 'committed' | 'lost' }
    | { readonly as: 'changed'; readonly ticket: Ticket; readonly now: Ticket | undefined }
  >;
  /** Some of the buyers of whom tickets went; none when all of them are dealt with. */
  readonly listBuyers: (found: Import) => Promise<readonly LeftBuyer[]>;
  /**
   * Lets contacts go as `decideBuyer` says and books it, all at once or nothing. `changed`: a contact is no longer as it
   * was read. `lost`: another run was faster.
   */
  readonly commitBuyers: (
    before: Import,
    after: Import,
    change: { readonly buyers: readonly LeftBuyer[]; readonly nowMs: number },
  ) => Promise<'committed' | 'lost' | 'changed'>;
  /** Tickets of the import that were deleted one by one. */
  readonly countDeleted: (ids: ImportIds) => Promise<number>;
}
