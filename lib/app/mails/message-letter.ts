// The organizer's message, as one contact gets it.
import { toContactMessageMail } from '../../domain/mails/organizer-mails.ts';
import type { MessageStore } from '../message-ports.ts';
import type { OutboxMessageOf } from '../outbox-ports.ts';
import type { Letter } from './deliver-mail.ts';
import {
  findAddressee,
  findSubject,
  type LetterDeps,
  toMailBase,
  toSender,
} from './letter-deps.ts';

export interface MessageLetterDeps extends LetterDeps {
  readonly messages: Pick<MessageStore, 'find'>;
}

/** `nobody` when the contact was erased meanwhile. */
export async function writeMessageLetter(
  deps: MessageLetterDeps,
  { organizationId, messageId, contactId }: OutboxMessageOf<'mail.messageTo'>,
): Promise<Letter | 'nobody'> {
  const message = await deps.messages.find({ organizationId, messageId });
  if (message === undefined) return 'nobody';
  const [subject, addressee] = await Promise.all([
    findSubject(deps, message),
    findAddressee(deps, organizationId, contactId),
  ]);
  if (subject === undefined || addressee === undefined) return 'nobody';
  const { subject: title, text } = message;
  const content = toContactMessageMail({ ...toMailBase(subject), subject: title, text });
  return { ...toSender(subject), addressee, content };
}
