// The keys of links between organizations; their patterns stand in the table of keys.ts.
import type { Origin } from '../domain/links/origin-token.ts';
import { type Key, padId } from './keys.ts';

export const linksPartition = (organizationId: string, eventTicketId: number | '*'): string =>
  `LNK#${organizationId}#${padId(eventTicketId)}`;

export const LINK_PREFIX = 'TO#';
/** Of the ticket's own organization: who imported it. */
export const linkKey = ({ organizationId, eventTicketId }: Origin, importedBy: string): Key => ({
  pk: linksPartition(organizationId, eventTicketId),
  sk: `${LINK_PREFIX}${importedBy}`,
});
/** Of the organization that imported it: where it comes from. */
export const linkOriginKey = ({ organizationId, eventTicketId }: Origin): Key => ({
  pk: linksPartition(organizationId, eventTicketId),
  sk: 'ORIGIN',
});
/** Tickets of this event were imported with their origin. */
export const linkedEventKey = (organizationId: string, eventId: string): Key => ({
  pk: `LKE#${organizationId}#${eventId}`,
  sk: 'LINKED',
});
