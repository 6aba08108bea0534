// The keys of every kind of item: with the other *-keys.ts files the only one that writes `#`. The comment is the
// access-pattern table of the whole product; a row marked with (n) is built with that capability and its keys are
// reserved here. README repeats it.
//
// | pattern                                      | index   | key                                                | used by |
// |----------------------------------------------|---------|----------------------------------------------------|---------|
// | organization by id; its secret; its Stripe keys | table   | ORG#org / ORG, SECRET, STRIPE                   | organization-store, stripe-key-store |
// | open checkouts of an order                   | table   | PAY#org#order / sessionId                          | checkout-store |
// | key (and device) by id; keys of an org       | table   | KEY#org / keyId                                    | key-store |
// | event by id, with its ticket types           | table   | EVT#org#event / EVENT, TYPE#typeId                 | event-store |
// | event by eventUrl (unique per org)           | table   | URL#org / eventUrl                                 | event-store |
// | events of an org, newest first               | byList  | ORG#org#EVT / createdAt#eventId                    | event-store |
// | ticket type by id (unique per org)           | table   | TYP#org / typeId                                   | ticket-type-store |
// | stock counters of an event and its types     | table   | STK#org#event / EVENT, TYPE#typeId                 | stock-store |
// | ticket by barcode: the admission record      | table   | BAR#org#barcode / TICKET                           | scan-store, ticket-store |
// | ticket by id                                 | byId    | TKT#org#ticketId                                   | ticket-store |
// | tickets of an event, by id                   | byList  | EVT#org#event#T<shard> / ticketId                  | ticket-store |
// | barcodes that an event's tickets had before  | byList  | EVT#org#event#R<shard> / ticketId.reissues         | pack-reader |
// | tickets of an import, by row                 | byList  | the same: rows own id blocks of the import         | import-rows |
// | exports of an event, asked for last          | table   | EXP#org#event / BARCODES, ORDERS, TICKETS          | event-export-store |
// | tickets of an order                          | byOwner | ORD#org#order / ticketId                           | order-reader |
// | history of a ticket                          | table   | HIS#org#ticketId / at#id                           | history-item |
// | answers of a resold ticket's holder          | table   | PER#org#ticketId / ANSWERS                         | swap-store |
// | who imported a ticket; where one comes from  | table   | LNK#org#ticketId / TO#importing org, ORIGIN        | link-store |
// | events with tickets imported elsewhere       | table   | LKE#org#event / LINKED                             | link-store |
// | order by id; its ledger                      | table   | ORD#org#order / ORDER, LED#sequence                | order-reader, order-store |
// | orders of an event                           | byList  | EVT#org#event#O<shard> / orderId                   | order-list |
// | orders of a contact                          | byOwner | CON#org#contact / orderId                          | order-list |
// | payments of an event, added up               | table   | RPT#org#event / PAY#kind#paymentType               | payment-report-store |
// | contact by e-mail and by id; its imports     | table   | CON#org#contact / CONTACT; id = keyed hash of the e-mail | contact-store |
// | contacts of an org                           | byList  | ORG#org#CON<shard> / contactId                     | contact-reader |
// | import by id; its analysis; its id blocks    | table   | IMP#org#import / IMPORT, ANALYSIS, BLOCK#n         | import-store, import-run-store |
// | what a dry run found, by chunk               | table   | IMP#org#import / DRY#start#row                     | import-dry-run-store |
// | buyers of whom tickets of an import went     | table   | IMP#org#import / BUYER#contact                     | undo-store |
// | number of an import's tickets deleted singly | table   | IMP#org#import / DELETED                           | imported-ticket-store, undo-store |
// | rows of an import that became no ticket      | table   | ROW#org#import#outcome#shard / row                 | import-run-store, import-rows |
// | note that is too long for the ticket's item  | table   | ROW#org#import#note#shard / row                    | import-run-store, load-tickets |
// | imports of an event, newest first            | byList  | EVT#org#event#I / importId                         | import-store |
// | imports that stand still                     | byDue   | DUE#import / checked from                          | import-store |
// | contacts erased in an org; erasures to do    | table   | ERA#org / contactId; byDue DUE#erasure             | erasure-store |
// | rows of imports that name a contact          | byOwner | CON#org#contact#R / row                            | erasure-store |
// | id block claimed                             | table   | IDB#org#block / BLOCK                              | id-store |
// | hold by request id                           | table   | HLD#org#marketplace#requestId / HOLD               | hold-store |
// | hold by id                                   | byId    | HLD#org#holdId                                     | hold-store |
// | holds of a listing, live ones to expire      | byOwner | LST#org#listing / holdId; byDue DUE#hold           | hold-store |
// | holds of an event that are not resolved      | table   | HEL#org#event / holdId                             | held-item |
// | listing by id                                | table   | LST#org#listing / LISTING                          | listing-store |
// | listing by number                            | table   | LSN#org#number / NUMBER                            | listing-store |
// | listings of an event                         | byList  | EVT#org#event#L / listingId                        | listing-store |
// | listing in which a ticket was put last       | table   | LMK#org#ticketId / MARK                            | listing-store, listing-teller |
// | whether tickets of an event were ever listed  | table   | LMK#org#event / LISTED                             | listing-store, listing-teller |
// | holds of a status, oldest first              | byList  | ORG#org#HLD#status / holdId                        | hold-store |
// | sale by marketplace order id                 | table   | SAL#org#marketplace#orderId / SALE                 | sale-store |
// | sale by id                                   | byId    | SAL#org#saleId                                     | sale-store |
// | timeline of a sale                           | table   | SAL#org#marketplace#orderId / ENTRY#entryId        | timeline-store |
// | sales of a status; all of an org             | byList  | ORG#org#SAL#status / saleId; byOwner ORG#org#SAL   | sale-store |
// | sales to reject at their time                | byDue   | DUE#sale                                           | sale-store |
// | sales that wait for tickets of a listing     | table   | LST#org#listing / WAITS#saleId                     | sale-store |
// | channels of an org; channel by hook          | table   | CHN#org / marketplace; HOK#channel / HOOK          | channel-store |
// | deliveries seen                              | table   | DLV#channel#deliveryId / DELIVERY                  | delivery-memory |
// | calls to a marketplace: circuit, token, turns  | table   | CAL#org / CIRCUIT, TOKEN, LIMIT#marketplace#name   | call-store |
// | what a marketplace told, as it came in       | table   | PLD#org#digest / PAYLOAD                           | payload-store |
// | deliveries in which a contact stands         | byOwner | CON#org#contact#P / digest                         | payload-store |
// | when to ask a marketplace what it thinks     | table   | CAL#org / RECONCILE#marketplace; byDue DUE#reconcile | reconcile-store |
// | what didn't go together at a marketplace     | table   | DIF#org#marketplace / here#there#orderId           | reconcile-store |
// | what a channel is told of one thing          | table   | LAN#org#marketplace#kind#id / LANE                 | lane-store |
// | attempts to tell it that are due             | byDue   | DUE#outbound<shard> / due                          | lane-store |
// | scans of an event, newest first              | table   | SCN#org#event#shard / at#device#scan               | scan-log-store |
// | clash of an offline scan, by that scan        | table   | CLA#org#event / clashId                            | clash-store |
// | clashes of an event, newest first; withdrawn | byList  | EVT#org#event#C / reportedAt#clashId; EVT#org#event#CW | clash-store |
// | scans of a ticket that its item doesn't have | table   | PAS#org#ticketId / passId                          | offline-scan-store, pass-store |
// | attendance of an event, by part              | table   | ATT#org#event / PASS#lane#tenMinutes, REFUSED#lane | attendance-store |
// | gates of an event that attendance names      | table   | ATT#org#event / GATES                              | gate-names |
// | tickets of an event that changed (pack)      | table   | PCK#org#event#lane / writtenAt#batch               | pack-feed |
// | misses of a device                           | table   | GUE#org#device / MINUTE#n, TEN#n, CHECK/OFFLINE#message | scan-log-store |
// | outbox event                                 | stream  | OUT#org#outboxId / OUTBOX                          | outbox, dispatcher |
// | outbox events not sent; put aside            | byDue   | DUE#outbox<shard> / not sent by; DUE#outboxAside   | outbox-store |
// | request by Idempotency-Key; order it made    | table   | IDM#org#key#digest / REQUEST; IDM#org#digest / ORDER | idempotency-store, order-store |
// | mail to one addressee, once                  | table   | MAI#org#mailId / MAIL                              | mail-store |
// | organizer's message by id                    | table   | MSG#org#message / MESSAGE                          | message-store |
// | messages of an event, newest first           | byList  | EVT#org#event#M / messageId                        | message-store |
// | suppressed address                           | table   | SUP#org#contact / ADDRESS                          | suppression-store |
//
// Shards keep one event's or one import's writes below the 1,000 write units a second of one partition; a list reads
// all shards and merges them by id.
import { present } from '../domain/assert.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}

/** Partitions over which one event's tickets are spread in `byList`: 8 × 1,000 writes a second. */
export const TICKET_SHARDS = 8;
/** Partitions over which the rows of an import without a ticket are spread. */
export const ROW_SHARDS = 8;

/** 16 digits hold every id below 2^53, so that text order is number order; permissions name all ids by `*`. */
export const padId = (id: number | '*'): string => (id === '*' ? id : String(id).padStart(16, '0'));
export const padRow = (row: number): string => String(row).padStart(10, '0');

export const organizationKey = (organizationId: string): Key => ({
  pk: `ORG#${organizationId}`,
  sk: 'ORG',
});
/** Apart from the settings, which are read and written whole. */
export const organizationSecretKey = (organizationId: string): Key => ({
  pk: `ORG#${organizationId}`,
  sk: 'SECRET',
});

/** What an organization has at Stripe, sealed. */
export const stripeKeysKey = (organizationId: string): Key => ({
  pk: `ORG#${organizationId}`,
  sk: 'STRIPE',
});
/** Pages of a payment provider that are open for an order. */
export const checkoutsPartition = (organizationId: string, orderId: number | '*'): string =>
  `PAY#${organizationId}#${padId(orderId)}`;

export const keysPartition = (organizationId: string): string => `KEY#${organizationId}`;
export const keyKey = (organizationId: string, keyId: string): Key => ({
  pk: keysPartition(organizationId),
  sk: keyId,
});

export const eventPartition = (organizationId: string, eventId: string): string =>
  `EVT#${organizationId}#${eventId}`;
export const eventKey = (organizationId: string, eventId: string): Key => ({
  pk: eventPartition(organizationId, eventId),
  sk: 'EVENT',
});
export const eventUrlKey = (organizationId: string, eventUrl: string): Key => ({
  pk: `URL#${organizationId}`,
  sk: eventUrl,
});
export const eventsList = (organizationId: string): string => `ORG#${organizationId}#EVT`;
/** By time first: an id that a client brought says nothing about it. */
export const eventPosition = (createdAt: string, eventId: string): string =>
  `${createdAt}#${eventId}`;
export const fromEventPosition = (position: string): string =>
  position.slice(position.indexOf('#') + 1);

export const TICKET_TYPE_PREFIX = 'TYPE#';
export const ticketTypeKey = (
  organizationId: string,
  eventId: string,
  ticketTypeId: number,
): Key => ({
  pk: eventPartition(organizationId, eventId),
  sk: `${TICKET_TYPE_PREFIX}${padId(ticketTypeId)}`,
});
export const ticketTypeClaimKey = (organizationId: string, ticketTypeId: number): Key => ({
  pk: `TYP#${organizationId}`,
  sk: padId(ticketTypeId),
});

export const stockPartition = (organizationId: string, eventId: string): string =>
  `STK#${organizationId}#${eventId}`;
export const eventStockKey = (organizationId: string, eventId: string): Key => ({
  pk: stockPartition(organizationId, eventId),
  sk: 'EVENT',
});
export const typeStockKey = (
  organizationId: string,
  eventId: string,
  ticketTypeId: number,
): Key => ({
  pk: stockPartition(organizationId, eventId),
  sk: `${TICKET_TYPE_PREFIX}${padId(ticketTypeId)}`,
});

/** The admission record. The barcode is the tail of the key, so any character in it is safe. */
export const barcodeKey = (organizationId: string, barcode: string): Key => ({
  pk: `BAR#${organizationId}#${barcode}`,
  sk: 'TICKET',
});
/** What an admission record's key says; the barcode byte for byte. */
export function parseBarcodeKey(pk: string): {
  readonly organizationId: string;
  readonly barcode: string;
} {
  const [, organizationId, barcode] = /^BAR#([^#]+)#(.*)$/su.exec(pk) ?? [];
  return {
    organizationId: present(organizationId, 'not the key of a barcode'),
    barcode: present(barcode, 'not the key of a barcode'),
  };
}

export const ticketLookup = (organizationId: string, eventTicketId: number): string =>
  `TKT#${organizationId}#${padId(eventTicketId)}`;
/** Of what happened to the ticket; the position is a time-ordered id. */
export const historyPartition = (organizationId: string, eventTicketId: number | '*'): string =>
  `HIS#${organizationId}#${padId(eventTicketId)}`;
export const historyKey = (
  organizationId: string,
  eventTicketId: number,
  position: string,
): Key => ({ pk: historyPartition(organizationId, eventTicketId), sk: position });
/** What the holder of a resold ticket answered. */
export const personalizationKey = (organizationId: string, eventTicketId: number): Key => ({
  pk: `PER#${organizationId}#${padId(eventTicketId)}`,
  sk: 'ANSWERS',
});
export const eventTicketsShard = (eventTicketId: number): number => eventTicketId % TICKET_SHARDS;
export const eventTicketsList = (organizationId: string, eventId: string, shard: number): string =>
  `${eventPartition(organizationId, eventId)}#T${shard}`;

/** Contacts of one organization are spread like tickets: an import may make thousands a second. */
const CONTACT_SHARDS = 8;
export const contactKey = (organizationId: string, contactId: string): Key => ({
  pk: `CON#${organizationId}#${contactId}`,
  sk: 'CONTACT',
});
export const contactsList = (organizationId: string, shard: number): string =>
  `ORG#${organizationId}#CON${shard}`;
export const contactsLists = (organizationId: string): readonly string[] =>
  Array.from({ length: CONTACT_SHARDS }, (_, shard) => contactsList(organizationId, shard));
/** The last character of a contact's id is evenly spread. */
export const contactShard = (contactId: string): number =>
  contactId.charCodeAt(contactId.length - 1) % CONTACT_SHARDS;

/** Rows of imports that became no ticket, by whose address stands in them. */
export const contactRowsList = (organizationId: string, contactId: string): string =>
  `CON#${organizationId}#${contactId}#R`;

export const erasuresPartition = (organizationId: string): string => `ERA#${organizationId}`;
export const erasureKey = (organizationId: string, contactId: string): Key => ({
  pk: erasuresPartition(organizationId),
  sk: contactId,
});
export const erasuresDue = (): string => 'DUE#erasure';

/** Partition of the order and its ledger; in `byOwner` the list of its tickets. */
export const orderPartition = (organizationId: string, orderId: number | '*'): string =>
  `ORD#${organizationId}#${padId(orderId)}`;
export const orderTicketsList = (organizationId: string, orderId: number): string =>
  orderPartition(organizationId, orderId);
export const orderKey = (organizationId: string, orderId: number): Key => ({
  pk: orderPartition(organizationId, orderId),
  sk: 'ORDER',
});
export const LEDGER_PREFIX = 'LED#';
export const ledgerKey = (organizationId: string, orderId: number, sequence: number): Key => ({
  pk: orderPartition(organizationId, orderId),
  sk: `${LEDGER_PREFIX}${padRow(sequence)}`,
});
/** Orders of one event are spread like its tickets. */
export const ORDER_SHARDS = 8;
export const eventOrdersList = (organizationId: string, eventId: string, shard: number): string =>
  `${eventPartition(organizationId, eventId)}#O${shard}`;
export const contactOrdersList = (organizationId: string, contactId: string): string =>
  `CON#${organizationId}#${contactId}`;

export const paymentReportPartition = (organizationId: string, eventId: string): string =>
  `RPT#${organizationId}#${eventId}`;
export const PAYMENT_PREFIX = 'PAY#';
/** The payment type is the tail of the key, so any character in it is safe. */
export const paymentReportKey = (
  { organizationId, eventId }: { readonly organizationId: string; readonly eventId: string },
  kind: string,
  paymentType: string,
): Key => ({
  pk: paymentReportPartition(organizationId, eventId),
  sk: `${PAYMENT_PREFIX}${kind}#${paymentType}`,
});

export const eventExportKey = (organizationId: string, eventId: string, content: string): Key => ({
  pk: `EXP#${organizationId}#${eventId}`,
  sk: content.toUpperCase(),
});

export const importPartition = (organizationId: string, importId: string): string =>
  `IMP#${organizationId}#${importId}`;
export const importKey = (organizationId: string, importId: string): Key => ({
  pk: importPartition(organizationId, importId),
  sk: 'IMPORT',
});
export const importAnalysisKey = (organizationId: string, importId: string): Key => ({
  pk: importPartition(organizationId, importId),
  sk: 'ANALYSIS',
});
export const IMPORT_BLOCK_PREFIX = 'BLOCK#';
export const importBlockKey = (organizationId: string, importId: string, index: number): Key => ({
  pk: importPartition(organizationId, importId),
  sk: `${IMPORT_BLOCK_PREFIX}${padRow(index)}`,
});
/** What a dry run, told by its start, found in the rows after this one. */
export const dryRunPrefix = (startedAtMs: number): string => `DRY#${startedAtMs}#`;
export const dryChunkKey = (
  { organizationId, importId }: { readonly organizationId: string; readonly importId: string },
  startedAtMs: number,
  after: number,
): Key => ({
  pk: importPartition(organizationId, importId),
  sk: `${dryRunPrefix(startedAtMs)}${padRow(after)}`,
});
export const importDeletedKey = (organizationId: string, importId: string): Key => ({
  pk: importPartition(organizationId, importId),
  sk: 'DELETED',
});
export const IMPORT_BUYER_PREFIX = 'BUYER#';
export const importBuyerKey = (
  organizationId: string,
  importId: string,
  contactId: string,
): Key => ({
  pk: importPartition(organizationId, importId),
  sk: `${IMPORT_BUYER_PREFIX}${contactId}`,
});
export const importsList = (organizationId: string, eventId: string): string =>
  `${eventPartition(organizationId, eventId)}#I`;
export const importsDue = (): string => 'DUE#import';
export const rowsPartition = (
  ids: { readonly organizationId: string; readonly importId: string },
  outcome: string,
  shard: number,
): string => `ROW#${ids.organizationId}#${ids.importId}#${outcome}#${shard}`;
/** Of which import the rows in a partition are. */
export const parseRowsPartition = (pk: string): { readonly importId: string } => ({
  importId: present(pk.split('#')[2], 'not the partition of rows'),
});
export const rowKey = (
  ids: { readonly organizationId: string; readonly importId: string },
  outcome: string,
  row: number,
): Key => ({ pk: rowsPartition(ids, outcome, row % ROW_SHARDS), sk: padRow(row) });

export const idBlockKey = (organizationId: string, block: number | '*'): Key => ({
  pk: `IDB#${organizationId}#${padId(block)}`,
  sk: 'BLOCK',
});

export const outboxKey = (organizationId: string, outboxId: string): Key => ({
  pk: `OUT#${organizationId}#${outboxId}`,
  sk: 'OUTBOX',
});
export function parseOutboxKey(pk: string): {
  readonly organizationId: string;
  readonly outboxId: string;
} {
  const [, organizationId, outboxId] = /^OUT#([^#]+)#(.*)$/su.exec(pk) ?? [];
  return {
    organizationId: present(organizationId, 'not the key of an outbox item'),
    outboxId: present(outboxId, 'not the key of an outbox item'),
  };
}
/** Each event is written to this index and taken out again: 8 × 500 events a second. */
export const OUTBOX_SHARDS = 8;
export const outboxDue = (shard: number): string => `DUE#outbox${shard}`;
/** The last character of an outbox id is evenly spread. */
export const outboxShard = (outboxId: string): number =>
  outboxId.charCodeAt(outboxId.length - 1) % OUTBOX_SHARDS;
export const outboxAside = (): string => 'DUE#outboxAside';

export const mailKey = (organizationId: string, mailId: string): Key => ({
  pk: `MAI#${organizationId}#${mailId}`,
  sk: 'MAIL',
});
export const messageKey = (organizationId: string, messageId: string): Key => ({
  pk: `MSG#${organizationId}#${messageId}`,
  sk: 'MESSAGE',
});
export const messagesList = (organizationId: string, eventId: string): string =>
  `${eventPartition(organizationId, eventId)}#M`;
/** The keyed hash of an address is the id of whoever has it, whether there is a contact or not. */
export const suppressionKey = (organizationId: string, contactId: string): Key => ({
  pk: `SUP#${organizationId}#${contactId}`,
  sk: 'ADDRESS',
});

export const idempotencyKey = (
  ids: { readonly organizationId: string; readonly keyId: string },
  digest: string,
): Key => ({ pk: `IDM#${ids.organizationId}#${ids.keyId}#${digest}`, sk: 'REQUEST' });

/** Which order a request made, by the digest of its Idempotency-Key and caller. */
export const orderRequestKey = (organizationId: string, digest: string): Key => ({
  pk: `IDM#${organizationId}#${digest}`,
  sk: 'ORDER',
});
