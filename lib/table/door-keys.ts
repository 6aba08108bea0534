// The keys of what is kept around the door; their patterns stand in the table of keys.ts.
import { eventPartition, eventTicketsShard, type Key, padId } from './keys.ts';

interface EventIds {
  readonly organizationId: string;
  readonly eventId: string;
}

export const clashKey = ({ organizationId, eventId }: EventIds, clashId: string): Key => ({
  pk: `CLA#${organizationId}#${eventId}`,
  sk: clashId,
});
export const clashesList = (
  organizationId: string,
  eventId: string,
  state: 'open' | 'withdrawn',
): string => `${eventPartition(organizationId, eventId)}#${state === 'open' ? 'C' : 'CW'}`;
/** 13 digits of milliseconds last until the year 2286, so text order is time order. */
export const clashPosition = (reportedAtMs: number, clashId: string): string =>
  `${padTime(reportedAtMs)}#${clashId}`;
const padTime = (atMs: number): string => String(atMs).padStart(13, '0');

/** Of a ticket, whatever barcode it has. */
export const passesPartition = (organizationId: string, eventTicketId: number | '*'): string =>
  `PAS#${organizationId}#${padId(eventTicketId)}`;
export const passKey = (organizationId: string, eventTicketId: number, passId: string): Key => ({
  pk: passesPartition(organizationId, eventTicketId),
  sk: passId,
});

/** Partitions over which one event's log is spread: 4 × 1,000 scans a second. */
export const SCAN_LOG_SHARDS = 4;
export const scanLogPartition = ({ organizationId, eventId }: EventIds, shard: number): string =>
  `SCN#${organizationId}#${eventId}#${shard}`;
/** `scan` names the scan among those of its device: its id, or its digest where only that is known. */
export const scanLogPosition = (atMs: number, deviceId: string, scan: string): string =>
  `${padTime(atMs)}#${deviceId}#${scan}`;

export const attendancePartition = ({ organizationId, eventId }: EventIds): string =>
  `ATT#${organizationId}#${eventId}`;
/** Names of the event's gates that are counted. */
export const gateNamesKey = (ids: EventIds): Key => ({ pk: attendancePartition(ids), sk: 'GATES' });
/** Of the passes that one shard of the stream has told, in ten minutes. */
export const passCountsKey = (ids: EventIds, lane: string, tenMinutes: number): Key => ({
  pk: attendancePartition(ids),
  sk: `PASS#${lane}#${padTime(tenMinutes)}`,
});
export const refusalCountsKey = (ids: EventIds, lane: number): Key => ({
  pk: attendancePartition(ids),
  sk: `REFUSED#${lane}`,
});

export const missesKey = (
  { organizationId, deviceId }: { readonly organizationId: string; readonly deviceId: string },
  window: 'MINUTE' | 'TEN' | 'CHECK' | 'OFFLINE',
  which: number | string,
): Key => ({ pk: `GUE#${organizationId}#${deviceId}`, sk: `${window}#${which}` });

/** Partitions over which the changes of one event are spread. */
export const PACK_LANES = 4;
export const packFeedPartition = ({ organizationId, eventId }: EventIds, lane: number): string =>
  `PCK#${organizationId}#${eventId}#${lane}`;
export const packFeedPosition = (writtenAtMs: number, batch: string): string =>
  `${padTime(writtenAtMs)}#${batch}`;

/** Barcodes that tickets of the event had before: only scan packs look for them. */
export const replacedBarcodesList = (
  organizationId: string,
  eventId: string,
  shard: number,
): string => `${eventPartition(organizationId, eventId)}#R${shard}`;
export const replacedList = (
  organizationId: string,
  eventId: string,
  eventTicketId: number,
): string => replacedBarcodesList(organizationId, eventId, eventTicketsShard(eventTicketId));
/** `reissues` tells the barcodes of one ticket apart. */
export const replacedPosition = (eventTicketId: number, reissues: number): string =>
  `${padId(eventTicketId)}.${reissues}`;
