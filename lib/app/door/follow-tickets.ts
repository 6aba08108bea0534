// Follows what happens to tickets by the table's stream: the log, the counters of attendance, and which tickets the scan
// packs have to look at again; and tells where a ticket was imported from that it was admitted, and marketplaces that
// less or more of a listing is left. Whatever comes twice leaves the same.
import { findPassedScan, type TicketChange, toAttendanceChange } from '../../domain/attendance.ts';
import type {
  AttendanceStore,
  CountedChange,
  LoggedScan,
  PackFeed,
  PassStore,
  ScanLogStore,
} from './attendance-ports.ts';
import type { AdmissionTeller } from '../link-ports.ts';
import type { ListingTeller, OfferChange } from '../marketplace-ports.ts';
import { changesOffer } from '../../domain/marketplaces/listing.ts';
import { type Pass, toForgotten } from '../../domain/pass-sequence.ts';
import { MARK } from '../../domain/scan.ts';
import { toPassId } from '../../domain/scan-mark.ts';
import type { ClashStore, EventIds } from './ports.ts';

export interface FollowDeps {
  readonly scanLog: Pick<ScanLogStore, 'append'>;
  readonly attendance: Pick<AttendanceStore, 'count'>;
  readonly packFeed: PackFeed;
  readonly admissions: AdmissionTeller;
  readonly listings: ListingTeller;
  readonly passes: PassStore;
  readonly clashes: Pick<ClashStore, 'withdraw'>;
}

/** Changes of one shard (`lane`), in its order. */
export async function followTickets(
  { scanLog, attendance, packFeed, passes, clashes, admissions, listings }: FollowDeps,
  lane: string,
  changes: readonly (TicketChange & { readonly sequence: string })[],
  nowMs: number,
): Promise<void> {
  await Promise.all([
    scanLog.append(
      changes.flatMap((change) => toLine(change) ?? []),
      nowMs,
    ),
    packFeed.append(lane, toChanged(changes), nowMs),
    admissions.tell(changes.flatMap(toLinkedAdmission), nowMs),
    listings.tell(lane, changes.flatMap(toOfferChange), nowMs),
    passes.keep(changes.flatMap(toPasses), nowMs),
    ...changes.flatMap(toAnnulledClash).map(async (clash) => clashes.withdraw(clash, nowMs)),
  ]);
  const counted = changes.flatMap((change): CountedChange[] => {
    const counts = toAttendanceChange(change);
    const ids = toIds(change);
    return counts && ids ? [{ ids, sequence: change.sequence, counts }] : [];
  });
  await attendance.count(lane, counted);
}

/** Of a ticket that was imported with its origin, which has to know; also when it was linked only later. */
const toLinkedAdmission = ({ before, after }: TicketChange) => {
  const known = before?.isLinked === true ? before.admissions : 0;
  return after?.isLinked === true && after.admissions > known ? [after] : [];
};

function toOfferChange(change: TicketChange & { readonly sequence: string }): OfferChange[] {
  const { before, sequence } = change;
  if (before === undefined || !changesOffer(change)) return [];
  const { organizationId, eventId, eventTicketId } = before;
  return [{ organizationId, eventId, eventTicketId, sequence }];
}

const toIds = ({ before, after }: TicketChange): EventIds | undefined => {
  const ticket = after ?? before;
  return ticket && { organizationId: ticket.organizationId, eventId: ticket.eventId };
};

function toLine(change: TicketChange): LoggedScan | undefined {
  const passed = findPassedScan(change);
  const { after } = change;
  if (passed === undefined || after === undefined) return undefined;
  const { outcome, direction, isOffline, scan, scanDigest } = passed;
  return {
    organizationId: after.organizationId,
    eventId: after.eventId,
    atMs: scan.atMs,
    deviceId: scan.deviceId,
    ...(scan.gateId === undefined ? {} : { gateId: scan.gateId }),
    direction,
    outcome,
    isOffline,
    eventTicketId: after.eventTicketId,
    ticketTypeId: after.ticketTypeId,
    // A scan id is unique for a device and a barcode; the annul of a scan is a line beside it.
    logId: `${after.eventTicketId}.${scanDigest}${outcome === 'ANNULLED' ? '.annul' : ''}`,
  };
}

/** What the door's scan made its ticket forget, or that it was annulled. An offline scan writes that itself. */
function toPasses(change: TicketChange) {
  const { before } = change;
  const passed = findPassedScan(change);
  if (before === undefined || passed === undefined || passed.isOffline) return [];
  const { organizationId, eventTicketId, barcode } = before;
  const passId = toPassId(passed.scanDigest, barcode);
  const passes: readonly Pass[] =
    passed.outcome === 'ANNULLED'
      ? [{ passId, direction: 'entry', scan: passed.scan, isAnnulled: true }]
      : toForgotten(before, passed.direction);
  return passes.map((pass) => ({ organizationId, eventTicketId, pass }));
}

/** Nobody went in by an admission that was annulled, so it is no clash any more. */
function toAnnulledClash(change: TicketChange) {
  const { before } = change;
  const passed = findPassedScan(change);
  const wasClash = before?.scanMarks[0]?.startsWith(MARK.offlineClash) ?? false;
  if (before === undefined || passed?.outcome !== 'ANNULLED' || !wasClash) return [];
  const { organizationId, eventId, barcode } = before;
  return [{ organizationId, eventId, clashId: toPassId(passed.scanDigest, barcode) }];
}

/** A barcode that went to another event has left the one before. */
function toChanged(changes: readonly TicketChange[]) {
  const events = new Map<string, { readonly ids: EventIds; readonly barcodes: Set<string> }>();
  for (const ticket of changes.flatMap(({ before, after }) => [before ?? [], after ?? []].flat())) {
    const { organizationId, eventId, barcode } = ticket;
    const name = `${organizationId} ${eventId}`;
    const event = events.get(name) ?? { ids: { organizationId, eventId }, barcodes: new Set() };
    events.set(name, event);
    event.barcodes.add(barcode);
  }
  return [...events.values()].map(({ ids, barcodes }) => ({ ids, barcodes: [...barcodes] }));
}
