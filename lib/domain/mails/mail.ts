// What each mail is made of: plain values that its sender gathers from the stores. Nothing here knows where they come
// from, and no mail says more than its type holds.
import type { ImportStatus } from '../imports/import.ts';
import type { LANGUAGES } from '../organization.ts';

export type Language = (typeof LANGUAGES)[number];

export interface MailContent {
  /** One line without control characters. */
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

export interface MailEvent {
  readonly name: string;
  /** ISO 8601 with offset or Z; told in the event's own time zone. */
  readonly startsAt: string;
  /** IANA name. */
  readonly timezone: string;
}

/** What all mails share. */
interface MailBase {
  /** The organization's language. */
  readonly language: Language;
  /** Signs the mail. */
  readonly organizationName: string;
  readonly event: MailEvent;
}

/** One ticket of an order as it is now; give only tickets that still stand (none that was canceled or swapped). */
export interface OrderLine {
  readonly eventTicketId: number;
  readonly ticketTypeName: string;
  readonly holderName?: string | undefined;
  readonly section?: string | undefined;
  readonly row?: string | undefined;
  readonly seat?: string | undefined;
  /** What the ticket costs, with the platform's fee where that is passed on, without card fees (S of product.md 7). */
  readonly priceMinor: number;
}

/** Order confirmation, to the buyer and to a holder who asked for it; also after every exchange. */
export interface OrderMail extends MailBase {
  readonly reason: 'ordered' | 'exchanged';
  readonly orderId: number;
  readonly currency: string;
  readonly lines: readonly OrderLine[];
  readonly totalMinor: number;
  /** Net of refunds, with waivers; without card fees. */
  readonly paidMinor: number;
  /** Total − paid. Above 0 the mail says what is due. */
  readonly balanceMinor: number;
  /** Net of what went back; told on a line of its own when above 0. */
  readonly cardFeesMinor: number;
  /** The payment page; shown only while a balance is due. http or https. */
  readonly payUrl?: string | undefined;
  /** The tickets go with this mail as a PDF. */
  readonly isTicketAttached: boolean;
}

/** To the new holder of a ticket that was resold. */
export interface SwappedTicketMail extends MailBase {
  /** Where it was bought, as people know it: TicketSwap. */
  readonly marketplaceName: string;
  readonly orderId: number;
  readonly ticketTypeName: string;
  readonly holderName?: string | undefined;
  readonly isTicketAttached: boolean;
}

/** To the buyer of an order with an open balance. */
export interface PaymentLinkMail extends MailBase {
  readonly orderId: number;
  readonly currency: string;
  readonly balanceMinor: number;
  readonly payUrl: string;
}

/** To the buyer, once for a refund or for all refunds of one exchange or cancellation. */
export interface RefundMail extends MailBase {
  readonly reason: 'refunded' | 'exchanged' | 'canceled';
  readonly orderId: number;
  readonly currency: string;
  /** All that goes back, card fees included. */
  readonly amountMinor: number;
}

/** To the organizer. */
export interface ImportFinishedMail extends MailBase {
  readonly status: Extract<
    ImportStatus,
    | 'COMPLETED'
    | 'COMPLETED_WITH_REJECTS'
    | 'STOPPED_SOLD_OUT'
    | 'FAILED'
    | 'DRY_RUN_COMPLETED'
    | 'UNDONE'
    | 'UNDONE_PARTLY'
  >;
  readonly fileName: string;
  /** As the import's progress tells them. */
  readonly counts: {
    readonly rowsTotal: number;
    readonly tickets: number;
    readonly duplicates: number;
    readonly rejected: number;
    readonly notImported: number;
    readonly blank: number;
  };
}

/** The organizer's own words to the contacts of an event. */
export interface ContactMessageMail extends MailBase {
  readonly subject: string;
  /** Plain text: a line break is a line break, an empty line starts a paragraph. */
  readonly text: string;
}

/** A mail with its envelope, as it goes to the adapter that makes MIME of it. */
export interface OutgoingMail extends MailContent {
  readonly from: { readonly name: string; readonly address: string };
  /** One bare address, see `isMailAddress`. */
  readonly to: string;
  /** Answers go there instead of to the sender; also a bare address. */
  readonly replyTo?: string | undefined;
  /** Without the angle brackets. A mail that is sent again keeps its id, so that readers can tell. */
  readonly messageId: string;
  readonly date: Date;
  readonly attachments: readonly Attachment[];
}

export interface Attachment {
  readonly fileName: string;
  /** Such as `application/pdf`. */
  readonly contentType: string;
  readonly content: Uint8Array;
}
