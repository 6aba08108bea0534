// What letters are written from, and what is the same in all of them.
import { toContactId } from '../../domain/contact.ts';
import type { Event } from '../../domain/event.ts';
import type { MailEvent } from '../../domain/mails/mail.ts';
import type { Organization } from '../../domain/organization.ts';
import type { ContactStore } from '../contact-ports.ts';
import type { EventStore } from '../event-ports.ts';
import type { OrganizationStore } from '../organization-ports.ts';
import type { Letter } from './deliver-mail.ts';

export interface LetterDeps {
  readonly organizations: Pick<OrganizationStore, 'find'>;
  readonly events: Pick<EventStore, 'find' | 'listTicketTypes'>;
  readonly contacts: Pick<ContactStore, 'findAll' | 'loadSecret'>;
}

/** Whom and what a letter is about; undefined when one of them is gone, and then there is nothing to tell. */
export interface Subject {
  readonly organization: Organization;
  readonly event: Event;
}

export async function findSubject(
  { organizations, events }: LetterDeps,
  { organizationId, eventId }: { readonly organizationId: string; readonly eventId: string },
): Promise<Subject | undefined> {
  const [organization, found] = await Promise.all([
    organizations.find(organizationId),
    events.find(organizationId, eventId),
  ]);
  if (organization === undefined || found === undefined) return undefined;
  return { organization, event: found.event };
}

/** What every mail says about itself. */
export const toMailBase = ({ organization, event }: Subject) => ({
  language: organization.language,
  organizationName: organization.name,
  event: toMailEvent(event),
});

const toMailEvent = ({ name, startsAt, timezone }: Event): MailEvent => ({
  name,
  startsAt,
  timezone,
});

/** The sender's part of a letter. */
export const toSender = ({ organization }: Subject): Pick<Letter, 'senderName' | 'replyTo'> => ({
  senderName: organization.name,
  replyTo: organization.email,
});

export async function findAddressee(
  { contacts }: LetterDeps,
  organizationId: string,
  contactId: string,
): Promise<Letter['addressee'] | undefined> {
  const contact = (await contacts.findAll(organizationId, [contactId])).get(contactId);
  return contact && { contactId, email: contact.email };
}

/** The organization itself, if it has an address. */
export async function findOrganizer(
  { contacts }: LetterDeps,
  { organizationId, email }: Organization,
): Promise<Letter['addressee'] | undefined> {
  if (email === undefined) return undefined;
  return { contactId: toContactId(email, await contacts.loadSecret(organizationId)), email };
}
