// The admission record as it lies in the table. Attribute names are short and none is a reserved word of DynamoDB,
// because the item must stay below 1 KB (one write unit) with the longest barcode and name; a test measures it.
import type { Admission, Origin, Payment, Standing, Ticket } from '../domain/ticket.ts';
import { NO_MARK, SCAN_MARKS_MAX } from '../domain/scan.ts';
import {
  barcodeKey,
  eventTicketsList,
  eventTicketsShard,
  orderTicketsList,
  padId,
  ticketLookup,
  parseBarcodeKey,
} from './keys.ts';

export const LINKED = 'LINKED';
/** Of imported tickets, in `ori`. */
export const IMPORTED_ORIGINS: readonly string[] = ['IMPORTED', LINKED];

export interface TicketItem {
  readonly pk: string;
  readonly sk: string;
  readonly kind: 'ticket';
  readonly g1?: string;
  readonly g2?: string;
  readonly g3?: string;
  readonly srt?: string;
  /** Event, ticket, type, order and contact; the organization stands in the key. */
  readonly evt: string;
  readonly tid: number;
  readonly typ: number;
  readonly oid?: number;
  readonly con?: string;
  /** LINKED: imported with its origin. A value of its own, because there is no room for another attribute. */
  readonly ori: Origin | typeof LINKED;
  readonly std: Standing;
  readonly pay: Payment;
  readonly nam?: string;
  /** 1 or 0: checked in, inside. Numbers, so that a stream reader can add them up. */
  readonly chk: number;
  readonly ins: number;
  readonly adm: number;
  /** Last admission: time, the scanner's own time, device and gate. */
  readonly lat?: number;
  readonly sat?: number;
  readonly ldv?: string;
  readonly lgt?: string;
  /** Inside, checked in and granted before the last admission: what an annul gives back. */
  readonly pin?: number;
  readonly pch?: number;
  readonly pgr?: number;
  /** The admission before the last one: time, device and gate. */
  readonly plt?: number;
  readonly pdv?: string;
  readonly pgt?: string;
  /** When the newest scan was annulled. */
  readonly ann?: number;
  /** Last exit: time, device and gate. */
  readonly xat?: number;
  readonly xdv?: string;
  readonly xgt?: string;
  /** 1: one entry is granted although the ticket was admitted. */
  readonly gra?: number;
  readonly hld?: number;
  readonly lck?: string;
  /** Ticket and barcode that follow a swapped one, and the ticket that went before. */
  readonly suc?: number;
  readonly sba?: string;
  readonly pre?: number;
  /** When another organization admitted it first. */
  readonly els?: number;
  /** The next barcode of a replaced one, and how often the ticket was reissued. */
  readonly nxt?: string;
  readonly rei?: number;
  /** 1: exchanged at least once; 2: sold by a marketplace. Two letters: the longest item has no room for a third. */
  readonly xg?: number;
  /** Marks of the last four scans. */
  readonly s1?: string;
  readonly s2?: string;
  readonly s3?: string;
  readonly s4?: string;
  readonly imp?: string;
  readonly irw?: number;
  readonly prc?: number;
  readonly sec?: string;
  readonly sro?: string;
  readonly sea?: string;
  readonly nte?: string;
  readonly cre: number;
}

const toNumber = (claim: boolean | undefined): number | undefined =>
  claim === undefined ? undefined : Number(claim);

/** Stands where an exchange is marked: either keeps the ticket from its import. */
export const SOLD_MARK = 2;

const fromMark = (mark: number | undefined) => {
  if (mark === undefined) return {};
  return mark === SOLD_MARK ? { isSold: true as const } : { isExchanged: mark === 1 };
};

/** What the door writes and reads. */
export const toScanFields = (ticket: Ticket) => ({
  chk: Number(ticket.checkedIn),
  ins: Number(ticket.inside),
  adm: ticket.admissions,
  lat: ticket.lastAdmission?.atMs,
  sat: ticket.lastAdmission?.scannedAtMs,
  ldv: ticket.lastAdmission?.deviceId,
  lgt: ticket.lastAdmission?.gateId,
  pin: toNumber(ticket.beforeEntry?.inside),
  pch: toNumber(ticket.beforeEntry?.checkedIn),
  pgr: toNumber(ticket.beforeEntry?.reentryGranted),
  plt: ticket.beforeEntry?.admission?.atMs,
  pdv: ticket.beforeEntry?.admission?.deviceId || undefined,
  pgt: ticket.beforeEntry?.admission?.gateId,
  ann: ticket.annulledAtMs,
  xat: ticket.lastExit?.atMs,
  xdv: ticket.lastExit?.deviceId || undefined,
  xgt: ticket.lastExit?.gateId,
  gra: toNumber(ticket.reentryGranted),
  hld: ticket.heldUntilMs,
  s1: ticket.scanMarks[0],
  s2: ticket.scanMarks[1],
  s3: ticket.scanMarks[2],
  s4: ticket.scanMarks[3],
});

/** A new ticket's item, with every key attribute. Undefined attributes are left out by the client. */
export const toTicketItem = (ticket: Ticket): TicketItem => {
  const { organizationId, eventId, eventTicketId } = ticket;
  const item: { [K in keyof TicketItem]: TicketItem[K] | undefined } = {
    ...barcodeKey(organizationId, ticket.barcode),
    kind: 'ticket',
    g1: ticketLookup(organizationId, eventTicketId),
    g2: eventTicketsList(organizationId, eventId, eventTicketsShard(eventTicketId)),
    g3: ticket.orderId === undefined ? undefined : orderTicketsList(organizationId, ticket.orderId),
    srt: padId(eventTicketId),
    evt: eventId,
    tid: eventTicketId,
    typ: ticket.ticketTypeId,
    oid: ticket.orderId,
    con: ticket.contactId,
    ori: ticket.isLinked === true ? LINKED : ticket.origin,
    std: ticket.standing,
    pay: ticket.payment,
    nam: ticket.holderName,
    ...toScanFields(ticket),
    lck: ticket.lockedBy,
    suc: ticket.successor?.eventTicketId,
    sba: ticket.successor?.barcode,
    pre: ticket.predecessorId,
    els: ticket.admittedElsewhereMs,
    nxt: ticket.replacedBy,
    rei: ticket.reissues,
    xg: ticket.isSold === true ? SOLD_MARK : toNumber(ticket.isExchanged),
    imp: ticket.importId,
    irw: ticket.importRow,
    prc: ticket.priceMinor,
    sec: ticket.section,
    sro: ticket.row,
    sea: ticket.seat,
    nte: ticket.note,
    cre: ticket.createdAtMs,
  };
  return Object.fromEntries(
    Object.entries(item).filter(([, value]) => value !== undefined),
  ) as unknown as TicketItem;
};

/** Where an update copies what isn't there, it puts these in its place. */
export const NO_TIME = 0;
const isText = (text: string | undefined): text is string => text !== undefined && text !== NO_MARK;

function toAdmission<N extends string>(
  name: N,
  {
    at,
    by,
    gate,
    own,
  }: {
    readonly at: number | undefined;
    readonly by: string | undefined;
    readonly gate: string | undefined;
    readonly own?: number | undefined;
  },
): { readonly [K in N]?: Admission } {
  if (at === undefined || at === NO_TIME) return {};
  const scan: Admission = {
    atMs: at,
    deviceId: isText(by) ? by : '',
    ...(isText(gate) ? { gateId: gate } : {}),
    ...(own === undefined ? {} : { scannedAtMs: own }),
  };
  return { [name]: scan } as { readonly [K in N]?: Admission };
}

/** What the door has written. */
const fromScanFields = (item: TicketItem) => ({
  checkedIn: item.chk === 1,
  inside: item.ins === 1,
  admissions: item.adm,
  ...toAdmission('lastAdmission', { at: item.lat, by: item.ldv, gate: item.lgt, own: item.sat }),
  ...(item.pin === undefined
    ? {}
    : {
        beforeEntry: {
          inside: item.pin === 1,
          checkedIn: item.pch === 1,
          reentryGranted: item.pgr === 1,
          ...toAdmission('admission', { at: item.plt, by: item.pdv, gate: item.pgt }),
        },
      }),
  ...(item.ann === undefined ? {} : { annulledAtMs: item.ann }),
  ...toAdmission('lastExit', { at: item.xat, by: item.xdv, gate: item.xgt }),
  ...(item.gra === undefined ? {} : { reentryGranted: item.gra === 1 }),
  ...(item.hld === undefined ? {} : { heldUntilMs: item.hld }),
  scanMarks: [item.s1, item.s2, item.s3, item.s4].slice(0, SCAN_MARKS_MAX).filter(isText),
});

/**
 * The ticket in an item. The table is written by this module alone, so the door doesn't pay for a schema here; the
 * round trip is a property test.
 */
export const fromTicketItem = (item: TicketItem): Ticket => ({
  ...parseBarcodeKey(item.pk),
  eventTicketId: item.tid,
  eventId: item.evt,
  ticketTypeId: item.typ,
  ...(item.oid === undefined ? {} : { orderId: item.oid }),
  ...(item.con === undefined ? {} : { contactId: item.con }),
  ...(item.ori === LINKED ? { origin: 'IMPORTED', isLinked: true } : { origin: item.ori }),
  standing: item.std,
  payment: item.pay,
  ...(item.nam === undefined ? {} : { holderName: item.nam }),
  ...fromScanFields(item),
  ...(item.lck === undefined ? {} : { lockedBy: item.lck }),
  ...(item.suc === undefined || item.sba === undefined
    ? {}
    : { successor: { eventTicketId: item.suc, barcode: item.sba } }),
  ...(item.pre === undefined ? {} : { predecessorId: item.pre }),
  ...(item.els === undefined ? {} : { admittedElsewhereMs: item.els }),
  ...(item.nxt === undefined ? {} : { replacedBy: item.nxt }),
  ...(item.rei === undefined ? {} : { reissues: item.rei }),
  ...fromMark(item.xg),
  ...(item.imp === undefined ? {} : { importId: item.imp }),
  ...(item.irw === undefined ? {} : { importRow: item.irw }),
  ...(item.prc === undefined ? {} : { priceMinor: item.prc }),
  ...(item.sec === undefined ? {} : { section: item.sec }),
  ...(item.sro === undefined ? {} : { row: item.sro }),
  ...(item.sea === undefined ? {} : { seat: item.sea }),
  ...(item.nte === undefined ? {} : { note: item.nte }),
  createdAtMs: item.cre,
});
