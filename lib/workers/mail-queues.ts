// The two queues of mails: those about orders and imports, and the organizer's messages, which come by the thousand.
// Each mail to each addressee is sent once, however often its message comes.
import * as z from 'zod';
import { deliverMail, type DeliverDeps } from '../app/mails/deliver-mail.ts';
import { type ImportLetterDeps, writeImportLetter } from '../app/mails/import-letter.ts';
import type { OrderLetterDeps } from '../app/mails/order-facts.ts';
import { isOrderMessage, writeOrderLetters } from '../app/mails/order-letters.ts';
import { type MessageLetterDeps, writeMessageLetter } from '../app/mails/message-letter.ts';
import { type SpreadDeps, spreadMessage } from '../app/mails/spread-message.ts';
import { $OutboxMessage, type OutboxEntry } from '../app/outbox-ports.ts';
import { type BatchHandler, createBatchHandler, MalformedRecordError } from './batch.ts';

/** Spreading takes this long and then lets another call go on; the function's own limit is well above it. */
const SPREAD_MS_MAX = 30_000;

export type MailWorkerDeps = DeliverDeps & ImportLetterDeps & OrderLetterDeps;

export const createMailWorker = (deps: MailWorkerDeps): BatchHandler =>
  createBatchHandler(async (body) => {
    const { outboxId, message } = parseEntry(body);
    const ids = { organizationId: message.organizationId, mailId: outboxId };
    if (message.type === 'mail.importFinished') {
      return deliverMail(deps, ids, await writeImportLetter(deps, message));
    }
    if (!isOrderMessage(message)) throw new MalformedRecordError('not a message of this queue');
    const letters = await writeOrderLetters(deps, message);
    await deliverEach(letters, async ({ to, letter }) => {
      const mailId = to === 'buyer' ? outboxId : `${outboxId}-${to}`;
      await deliverMail(deps, { ...ids, mailId }, letter);
    });
  }, deps.logger);

/** None keeps another one back. The message comes again while one failed; letters that have an end are done by then. */
async function deliverEach<L>(
  letters: readonly L[],
  deliver: (letter: L) => Promise<void>,
): Promise<void> {
  const failures: unknown[] = [];
  for (const letter of letters) {
    try {
      await deliver(letter);
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

export type MessageWorkerDeps = DeliverDeps &
  MessageLetterDeps &
  SpreadDeps & {
    /** How long spreading may take; SPREAD_MS_MAX unless a test is in a hurry. */
    readonly spreadMs?: number;
  };

export const createMessageWorker = (deps: MessageWorkerDeps): BatchHandler =>
  createBatchHandler(async (body) => {
    const { outboxId, message } = parseEntry(body);
    if (message.type === 'mail.message') {
      const deadlineMs = deps.clock() + (deps.spreadMs ?? SPREAD_MS_MAX);
      return spreadMessage(deps, { ...message, outboxId }, deadlineMs);
    }
    if (message.type === 'mail.messageTo') {
      const ids = { organizationId: message.organizationId, mailId: outboxId };
      return deliverMail(deps, ids, await writeMessageLetter(deps, message), message.messageId);
    }
    throw new MalformedRecordError('not a message of this queue');
  }, deps.logger);

const $Sent = z.object({ outboxId: z.string() });

function parseEntry(body: unknown): OutboxEntry {
  const sent = $Sent.safeParse(body);
  const message = $OutboxMessage.safeParse(body);
  if (!sent.success || !message.success) {
    throw new MalformedRecordError('not a message of the outbox');
  }
  return { outboxId: sent.data.outboxId, message: message.data };
}
