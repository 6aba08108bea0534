// Erasing contacts, as the use cases see it.
import type { Contact } from '../domain/contact.ts';
import type { ImportIds, ImportRow } from '../domain/imports/import.ts';

export interface ContactIds {
  readonly organizationId: string;
  readonly contactId: string;
}

export interface Erasure extends ContactIds {
  readonly erasedAtMs: number;
  /** Nothing of the person is left; until then it is looked after every few minutes. */
  readonly completed: boolean;
}

/** What leads from a contact to what is stored of it. */
export interface ContactTraces {
  /** Still or again there: made by a sale after the erasure, or by an import that ran at its moment. */
  readonly contact?: Contact & { readonly madeBy: { readonly source: string } };
  /** Imports, sales and single tickets that brought it. */
  readonly sources: readonly string[];
  readonly orderIds: readonly number[];
  /** Imports in which it has rows. */
  readonly imports: readonly string[];
}

export interface ErasureStore {
  readonly find: (ids: ContactIds) => Promise<Erasure | undefined>;
  /** Takes the contact away and leaves the rest to a worker, in one transaction; false without such a contact. */
  readonly begin: (ids: ContactIds, nowMs: number) => Promise<boolean>;
  /** Ids of all contacts of the organization that were erased, once and for all. */
  readonly listErased: (organizationId: string) => Promise<ReadonlySet<string>>;
  readonly isErased: (ids: ContactIds) => Promise<boolean>;
  readonly loadTraces: (ids: ContactIds) => Promise<ContactTraces>;
  /** If the contact is still the one that was read. */
  readonly removeContact: (ids: ContactIds, createdAtMs: number) => Promise<void>;
  /** Names on tickets and the buyer of an order; whoever else has a ticket of it keeps it as it is. */
  readonly eraseOrder: (erasure: Erasure, orderId: number) => Promise<void>;
  /** The last time the way to the rows goes too. */
  readonly eraseRows: (
    ids: ContactIds,
    how: {
      readonly isLast: boolean;
      readonly toRedact: (
        importId: string,
      ) => Promise<(cells: ImportRow['cells']) => ImportRow['cells']>;
    },
  ) => Promise<void>;
  /** What marketplaces told of the person, as it came in. */
  readonly erasePayloads: (ids: ContactIds) => Promise<void>;
  /** The preview goes, and the report has to be asked for anew. */
  readonly eraseImport: (ids: ImportIds) => Promise<void>;
  /** Another look at this time. */
  readonly postpone: (erasure: Erasure, dueMs: number) => Promise<void>;
  /** Forgets what led to it; false when there is something new to look at. */
  readonly complete: (erasure: Erasure, traces: ContactTraces) => Promise<boolean>;
  readonly listDue: (nowMs: number, limit: number) => Promise<readonly ContactIds[]>;
}
