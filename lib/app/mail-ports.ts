// Sending mail: who has got which one, addresses that mail can't be sent to, and the mail service itself.
import type { Attachment, MailContent } from '../domain/mails/mail.ts';

export interface MailIds {
  readonly organizationId: string;
  /** One mail to one addressee. */
  readonly mailId: string;
}

/** Why a mail was not sent and never will be. */
export type SkipReason =
  | 'suppressed'
  | 'nobody'
  | 'no_mail_address'
  | 'address_refused'
  | 'outdated';

export type MailEnd =
  | { readonly as: 'SENT' }
  | { readonly as: 'SKIPPED'; readonly reason: SkipReason };

export interface MailStore {
  /** Notes an addressee of a message, once; the answer is the first note's, and whether this page made it. */
  readonly enlist: (
    ids: MailIds,
    note: { readonly page: string; readonly isSuppressed: boolean; readonly nowMs: number },
  ) => Promise<{ readonly isOfPage: boolean; readonly isSuppressed: boolean }>;
  /**
   * Whoever claims a mail sends it. `claimedAgain` when an earlier claim ran out without an end: whether that mail was
   * sent is unknown. `busy` while somebody else's claim lives, `done` when the mail has come to an end.
   */
  readonly claim: (
    ids: MailIds,
    nowMs: number,
  ) => Promise<'claimed' | 'claimedAgain' | 'done' | 'busy'>;
  /** The mail was certainly not sent: somebody else may try at once. */
  readonly release: (ids: MailIds) => Promise<void>;
  /** The first end stays. With a message the end is counted there in the same commit. */
  readonly finish: (
    ids: MailIds,
    end: MailEnd,
    options: { readonly nowMs: number; readonly messageId: string | undefined },
  ) => Promise<void>;
}

export type SuppressionCause = 'bounce' | 'complaint';

/** An address is known by the id that a contact with it has. */
export interface SuppressionStore {
  readonly isSuppressed: (organizationId: string, contactId: string) => Promise<boolean>;
  readonly findSuppressed: (
    organizationId: string,
    contactIds: readonly string[],
  ) => Promise<ReadonlySet<string>>;
  /** The first cause stays. */
  readonly suppress: (suppression: {
    readonly organizationId: string;
    readonly contactId: string;
    readonly cause: SuppressionCause;
    readonly nowMs: number;
  }) => Promise<void>;
}

export interface MailToSend extends MailIds, MailContent {
  readonly senderName: string;
  readonly to: string;
  readonly contactId: string;
  readonly replyTo?: string | undefined;
  readonly nowMs: number;
  readonly attachments: readonly Attachment[];
}

/** The service certainly did not take the mail; after any other error nobody knows. */
export class MailRefusedError extends Error {
  override readonly name = 'MailRefusedError';
}

/** The service takes no mail to this address, however often it is asked. */
export class AddressRefusedError extends Error {
  override readonly name = 'AddressRefusedError';
}

export interface Mailer {
  /** Answers a function that hands the finished mail over, once; until then nothing has left. */
  readonly prepare: (mail: MailToSend) => Promise<() => Promise<void>>;
  /** Fulfilled when the sending rate has room for another mail. */
  readonly pace: () => Promise<void>;
}
