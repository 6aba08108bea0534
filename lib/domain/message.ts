// The organizer's message to the contacts of an event, and the account of its addressees.
import type { Origin, Ticket } from './ticket.ts';

export interface Message {
  readonly organizationId: string;
  readonly eventId: string;
  readonly messageId: string;
  readonly subject: string;
  readonly text: string;
  /** Only to those with a ticket of these types, of this origin. */
  readonly ticketTypeIds?: readonly number[];
  readonly origin?: Origin;
  readonly createdAtMs: number;
  /** The event's tickets up to this position have been looked at. */
  readonly position?: string;
  /** All of them have. */
  readonly isSpread: boolean;
  /** Contacts found so far, each once. */
  readonly recipients: number;
  readonly sent: number;
  /** Their address bounced or complained. */
  readonly suppressed: number;
  /** Erased meanwhile, or with an address that mail can't be sent to. */
  readonly skipped: number;
}

export const MESSAGE_STATUSES = ['SENDING', 'SENT'] as const;

export const toMessageStatus = (message: Message): (typeof MESSAGE_STATUSES)[number] => {
  const ended = message.sent + message.suppressed + message.skipped;
  return message.isSpread && ended >= message.recipients ? 'SENT' : 'SENDING';
};

/** Whose ticket no longer admits hears nothing; somebody who was blocked may be told why. */
export const isAddressed = (message: Message, ticket: Ticket): boolean =>
  (ticket.standing === 'ACTIVE' || ticket.standing === 'BLOCKED') &&
  (message.origin === undefined || ticket.origin === message.origin) &&
  (message.ticketTypeIds?.includes(ticket.ticketTypeId) ?? true);
