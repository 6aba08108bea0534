// Contacts, as the use cases see them.
import type { Contact } from '../domain/contact.ts';
import type { Page, PageRequest } from './event-ports.ts';

/** Somebody who bought what is imported. */
export interface Buyer {
  readonly organizationId: string;
  readonly contactId: string;
  readonly email: string;
  readonly name?: string;
  /** What brings the buyer: an import, or a single imported ticket. Each brings one order for a buyer. */
  readonly source: string;
  /** Row of the import, 0 for a single ticket. */
  readonly row: number;
  /** The order's id if this is the first that the source brings for the buyer. */
  readonly orderId: number;
  readonly nowMs: number;
}

export interface RegisteredBuyer {
  /** The order that the source has for this buyer: the first one that was registered stays. */
  readonly orderId: number;
  /** Which source and row made the contact. */
  readonly madeBy: { readonly source: string; readonly row: number };
}

export interface ContactStore {
  /** Makes the contact if it is missing and never changes an existing one; one write, and a repeat changes nothing. */
  readonly registerBuyer: (buyer: Buyer) => Promise<RegisteredBuyer>;
  /** Under which contact ids are made from addresses. */
  readonly loadSecret: (organizationId: string) => Promise<string>;
  readonly findAll: (
    organizationId: string,
    contactIds: readonly string[],
  ) => Promise<ReadonlyMap<string, Contact & { readonly madeBy: RegisteredBuyer['madeBy'] }>>;
}

/** Contacts as the organizer looks at them. */
export interface ContactReader {
  readonly find: (organizationId: string, contactId: string) => Promise<Contact | undefined>;
  /** By id, which says nothing about the person: in no order that means anything, but in the same one each time. */
  readonly list: (organizationId: string, page: PageRequest) => Promise<Page<Contact>>;
}
