// Contacts: one for each normalized e-mail address of an organization.
import { createHmac } from 'node:crypto';
import { toCrockford } from './crockford.ts';

export interface Contact {
  readonly organizationId: string;
  readonly contactId: string;
  /** As it was first given. */
  readonly email: string;
  readonly name?: string;
  readonly createdAtMs: number;
}

/** Case and surrounding space don't make another person; nothing else is folded, dots and tags least of all. */
export const normalizeEmail = (email: string): string =>
  email.normalize('NFC').trim().toLowerCase();

/** As long as a ULID: 130 bits. */
const CONTACT_ID_CHARACTERS = 26;

/**
 * The id of whoever has this address: a hash of it under the organization's secret. Equal addresses get equal ids
 * without a look-up, and without the secret an id can't be tested against addresses.
 */
export function toContactId(email: string, secret: string): string {
  const digest = createHmac('sha256', secret).update(normalizeEmail(email)).digest();
  return `con_${toCrockford(digest, CONTACT_ID_CHARACTERS)}`;
}

/** What brings the contact of a single imported ticket; an import or an order does it by its own id. */
export const toTicketSource = (eventTicketId: number): string => `ticket_${eventTicketId}`;
