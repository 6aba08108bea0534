// What the door writes into a ticket's item: entry, exit and annul, each one conditional update. The conditions state
// the same facts as `decideScan` and `decideAnnul`; property tests compare them.
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { AnnulWrite, ScanWrite } from '../app/scan-ports.ts';
import { ANNUL_MS_MAX } from '../domain/annul.ts';
import type { Reentry } from '../domain/event.ts';
import { findGateTypes, MARK, NO_MARK } from '../domain/scan.ts';
import { NO_TIME } from './ticket-item.ts';

export const text = (value: string): AttributeValue => ({ S: value });
const number = (value: number): AttributeValue => ({ N: String(value) });

/** The parts of an UpdateItem that differ between the door's writes. */
export interface ScanUpdate {
  readonly ConditionExpression: string;
  readonly UpdateExpression: string;
  readonly ExpressionAttributeValues: Record<string, AttributeValue>;
}

const MARKS = ['s1', 's2', 's3', 's4'] as const;
/** None of the remembered scans is this one, however it ended: a mark is one letter and then the digest. */
const NOT_REPEATED = MARKS.map((mark) => `NOT contains(${mark}, :digest)`).join(' AND ');
const SHIFT_MARKS = ['s4', 's3', 's2']
  .map((mark, index) => `${mark} = if_not_exists(s${3 - index}, :none)`)
  .join(', ');

const REENTRY_CONDITION: Readonly<Record<Reentry, string>> = {
  never: ' AND (adm = :zero OR gra = :one)',
  afterExit: ' AND (ins = :zero OR gra = :one)',
  always: '',
};

/** What an annul of this entry gives back. */
const KEEP_BEFORE =
  'pin = ins, pch = chk, pgr = if_not_exists(gra, :zero), plt = if_not_exists(lat, :zero)';
const KEEP_BY_WHOM = ', pdv = if_not_exists(ldv, :none), pgt = if_not_exists(lgt, :none)';
/**
 * Behind a longer barcode the device and the gate of the admission before are not kept, only its time: the item would be
 * larger than one write unit. No barcode of ASCII characters is that long.
 * @internal Exported for tests.
 */
export const BEFORE_BARCODE_BYTES_MAX = 180;
export const isBeforeKept = (barcode: string): boolean =>
  Buffer.byteLength(barcode) <= BEFORE_BARCODE_BYTES_MAX;

export function toEntry({
  barcode,
  question,
  settings,
  deviceId,
  atMs,
  scannedAtMs,
}: ScanWrite): ScanUpdate {
  const types = findGateTypes(question, settings)?.map(
    (id, index) => [`:t${index}`, number(id)] as const,
  );
  const kept = [
    ['lgt', question.gateId === undefined ? undefined : text(question.gateId)],
    ['sat', scannedAtMs === undefined ? undefined : number(scannedAtMs)],
  ] as const;
  const set = kept
    .filter(([, value]) => value !== undefined)
    .map(([name]) => `, ${name} = :${name}`);
  const removed = kept.filter(([, value]) => value === undefined).map(([name]) => `, ${name}`);
  return {
    ConditionExpression:
      'evt = :evt AND std = :active AND pay <> :nothing' +
      ' AND (attribute_not_exists(hld) OR hld <= :now)' +
      REENTRY_CONDITION[settings.reentry] +
      (types === undefined ? '' : ` AND typ IN (${types.map(([name]) => name).join(', ')})`) +
      ` AND ${NOT_REPEATED}`,
    UpdateExpression:
      `SET ${SHIFT_MARKS}, s1 = :mark, ${KEEP_BEFORE}${isBeforeKept(barcode) ? KEEP_BY_WHOM : ''}` +
      `, adm = adm + :one, chk = :one, ins = :one, lat = :now, ldv = :device${set.join('')}` +
      // Of the exit before only its time is needed, and the item has no room for more.
      ` REMOVE gra, ann, xdv, xgt${removed.join('')}`,
    ExpressionAttributeValues: {
      ...toCommonValues(question),
      ':mark': text(MARK.entry + question.scanDigest),
      ':zero': number(0),
      ':nothing': text('NOTHING'),
      ':now': number(atMs),
      ':one': number(1),
      ':device': text(deviceId),
      ...Object.fromEntries(types ?? []),
      ...Object.fromEntries(kept.flatMap(([name, value]) => (value ? [[`:${name}`, value]] : []))),
    },
  };
}

/**
 * Behind a longer barcode the gate of an exit is not kept: with the longest ids and names the item would be larger than
 * one write unit.
 * @internal Exported for tests.
 */
export const EXIT_GATE_BARCODE_BYTES_MAX = 200;

/** The gate as far as there is room for it. */
export const toExitGate = (barcode: string, gateId: string | undefined): string | undefined =>
  Buffer.byteLength(barcode) > EXIT_GATE_BARCODE_BYTES_MAX ? undefined : gateId;

/** What only an annul of the entry needs is dropped: after an exit there is none. */
const DROPPED_BY_EXIT = 'sat, pin, pch, pgr, plt, pdv, pgt';

export function toExit({ barcode, question, deviceId, atMs }: ScanWrite): ScanUpdate {
  const gateId = toExitGate(barcode, question.gateId);
  return {
    ConditionExpression: `evt = :evt AND std = :active AND ins = :one AND ${NOT_REPEATED}`,
    UpdateExpression:
      `SET ${SHIFT_MARKS}, s1 = :mark, chk = :zero, ins = :zero, xat = :now, xdv = :device` +
      (gateId === undefined ? '' : ', xgt = :gate') +
      ` REMOVE ${DROPPED_BY_EXIT}${gateId === undefined ? ', xgt' : ''}`,
    ExpressionAttributeValues: {
      ...toCommonValues(question),
      ':mark': text(MARK.exit + question.scanDigest),
      ':one': number(1),
      ':zero': number(0),
      ':now': number(atMs),
      ':device': text(deviceId),
      ...(gateId === undefined ? {} : { ':gate': text(gateId) }),
    },
  };
}

const toCommonValues = (question: {
  readonly eventId: string;
  readonly scanDigest: string;
}): Record<string, AttributeValue> => ({
  ':evt': text(question.eventId),
  ':active': text('ACTIVE'),
  ':digest': text(question.scanDigest),
  ':none': text(NO_MARK),
});

/** Takes the newest scan back, if it is this entry: the item is as it was before, and remembers the annul. */
export const toAnnul = ({ eventId, deviceId, scanDigest, atMs }: AnnulWrite): ScanUpdate => ({
  ConditionExpression:
    'evt = :evt AND std IN (:active, :blocked) AND ldv = :device AND lat >= :since' +
    ' AND s1 IN (:entry, :offline, :clash) AND attribute_exists(pin)',
  UpdateExpression:
    'SET s1 = :mark, adm = adm - :one, ins = pin, chk = pch, gra = pgr, ann = :now' +
    ', lat = if_not_exists(plt, :zero), ldv = if_not_exists(pdv, :none)' +
    ', lgt = if_not_exists(pgt, :none) REMOVE pin, pch, pgr, plt, pdv, pgt, sat',
  ExpressionAttributeValues: {
    ':evt': text(eventId),
    ':active': text('ACTIVE'),
    ':blocked': text('BLOCKED'),
    ':device': text(deviceId),
    ':since': number(atMs - ANNUL_MS_MAX),
    ':now': number(atMs),
    ':entry': text(MARK.entry + scanDigest),
    ':offline': text(MARK.offlineEntry + scanDigest),
    ':clash': text(MARK.offlineClash + scanDigest),
    ':mark': text(MARK.annulled + scanDigest),
    ':one': number(1),
    ':zero': number(NO_TIME),
    ':none': text(NO_MARK),
  },
});
