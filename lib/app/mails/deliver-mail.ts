// Brings one mail to one addressee. Claimed, handed over, marked, in this order: a death in between leaves a claim that
// runs out, and then the mail is sent again, so it may come twice but never not at all.
import { isMailAddress } from '../../domain/mails/mail-address.ts';
import type { Attachment, MailContent } from '../../domain/mails/mail.ts';
import {
  AddressRefusedError,
  type MailEnd,
  type Mailer,
  type MailIds,
  MailRefusedError,
  type MailStore,
  type SuppressionStore,
} from '../mail-ports.ts';
import type { Clock, Logger } from '../ports.ts';

export interface DeliverDeps {
  readonly mails: MailStore;
  readonly suppressions: SuppressionStore;
  readonly mailer: Mailer;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** What is to be told, and to whom. */
export interface Letter {
  readonly senderName: string;
  readonly replyTo?: string | undefined;
  readonly addressee: { readonly contactId: string; readonly email: string };
  readonly content: MailContent;
  readonly attachments?: readonly Attachment[];
}

/** Somebody else is sending it. */
class MailBusyError extends Error {
  override readonly name = 'MailBusyError';
}

/**
 * Fulfilled when the mail has come to its end, sent or skipped. A letter that is only a reason has nobody to go to.
 * The organizer's message, if it is one, counts what became of it.
 */
export async function deliverMail(
  deps: DeliverDeps,
  ids: MailIds,
  letter: Letter | 'nobody' | 'outdated',
  messageId?: string,
): Promise<void> {
  const reason = await findSkipReason(deps, ids, letter);
  if (reason !== undefined || typeof letter === 'string') {
    return finish(deps, ids, { as: 'SKIPPED', reason: reason ?? 'nobody' }, messageId);
  }
  const { content, addressee, attachments = [], ...sender } = letter;
  const handOver = await deps.mailer.prepare({
    ...ids,
    ...sender,
    ...content,
    to: addressee.email,
    contactId: addressee.contactId,
    nowMs: deps.clock(),
    attachments,
  });
  await deps.mailer.pace();
  await send(deps, ids, handOver, messageId);
}

async function findSkipReason(
  { suppressions }: DeliverDeps,
  { organizationId }: MailIds,
  letter: Letter | 'nobody' | 'outdated',
) {
  if (typeof letter === 'string') return letter;
  const { contactId, email } = letter.addressee;
  if (!isMailAddress(email)) return 'no_mail_address' as const;
  const isSuppressed = await suppressions.isSuppressed(organizationId, contactId);
  return isSuppressed ? ('suppressed' as const) : undefined;
}

async function finish(
  { mails, clock, logger }: DeliverDeps,
  ids: MailIds,
  end: MailEnd,
  messageId: string | undefined,
): Promise<void> {
  await mails.finish(ids, end, { nowMs: clock(), messageId });
  if (end.as === 'SENT') return;
  const { organizationId } = ids;
  logger.info('mail not sent', { organizationId, code: `mail_${end.reason}`, count: 1 });
}

async function send(
  deps: DeliverDeps,
  ids: MailIds,
  handOver: () => Promise<void>,
  messageId: string | undefined,
): Promise<void> {
  const { mails, clock, logger } = deps;
  const claim = await mails.claim(ids, clock());
  if (claim === 'done') return;
  if (claim === 'busy') throw new MailBusyError('claimed by another call');
  const { organizationId } = ids;
  if (claim === 'claimedAgain') {
    // Counted by a metric of the log: an earlier try may have been accepted before its reply was lost.
    logger.error('mail may come twice', { organizationId, code: 'mail_sent_again', count: 1 });
  }
  try {
    await handOver();
  } catch (error) {
    if (error instanceof AddressRefusedError) {
      return finish(deps, ids, { as: 'SKIPPED', reason: 'address_refused' }, messageId);
    }
    if (error instanceof MailRefusedError) await mails.release(ids);
    throw error;
  }
  await finish(deps, ids, { as: 'SENT' }, messageId);
}
