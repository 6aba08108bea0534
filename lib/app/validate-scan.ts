// Validate at the door (product.md section 5): one question, one DynamoDB call, one answer.
import { type Actor, mayUseEvent, mayUseGate } from '../domain/access.ts';
import { assert } from '../domain/assert.ts';
import { cleanScannedText, findBarcodeFault } from '../domain/barcode.ts';
import { isMiss } from '../domain/guessing.ts';
import { type Result, ok, refuse } from '../domain/result.ts';
import { decideScan, type Direction, type DoorSettings, findClosedReason } from '../domain/scan.ts';
import { toScanDigest } from '../domain/scan-mark.ts';
import type { GuessGuard } from './door/guess-guard.ts';
import type { TellRefusal } from './door/ports.ts';
import { createExpiringCache } from './expiring-cache.ts';
import { type ScanAnswer, toAnswer } from './scan-answer.ts';
import type { FindDoorSettings, ScanStore, ScanWrite } from './scan-ports.ts';

export interface ScanInput {
  readonly scanId: string;
  readonly eventId: string;
  readonly barcode: string;
  readonly direction: Direction;
  readonly mode: 'admit' | 'check';
  readonly gateId: string | undefined;
  readonly scannedAtMs: number | undefined;
}

export interface ValidateScanDeps {
  readonly scans: Pick<ScanStore, 'commit' | 'find'>;
  readonly findDoorSettings: FindDoorSettings;
  readonly guesses: GuessGuard;
  readonly tellRefusal: TellRefusal;
}

/** Settings at the door are at most 30 s old (product.md section 5); the read itself takes part of that. */
const DOOR_SETTINGS_CACHE_MS = 25_000;
/** Events scanned by one function at the same time. */
const DOOR_SETTINGS_ENTRIES_MAX = 200;
/** A refused write whose item would pass means that it changed in between: decided again, never more than this. */
const DECISIONS_MAX = 5;

/** Caches settings; an unknown event is not kept, so that a new one can be scanned at once. */
export function cacheDoorSettings(
  read: (organizationId: string, eventId: string) => Promise<DoorSettings | undefined>,
): FindDoorSettings {
  const cache = createExpiringCache<DoorSettings | undefined>({
    entriesMax: DOOR_SETTINGS_ENTRIES_MAX,
    milliseconds: DOOR_SETTINGS_CACHE_MS,
    isKept: (settings) => settings !== undefined,
  });
  return (organizationId, eventId, nowMs) =>
    cache.get(`${organizationId} ${eventId}`, nowMs, () => read(organizationId, eventId));
}

export interface ScanRequest {
  readonly actor: Actor;
  readonly input: ScanInput;
  readonly nowMs: number;
  readonly requestId: string;
}

/**
 * Refuses `not_found` for an event that doesn't exist, an event or a gate that is none of the device's, and `rate_limited` for a device
 * that guesses; everything else is an answer. Only a refusal waits for anything after the table's answer.
 */
export async function validateScan(
  deps: ValidateScanDeps,
  request: ScanRequest,
): Promise<Result<ScanAnswer>> {
  const { actor, input, nowMs } = request;
  const guarded = deps.guesses.check(actor, nowMs);
  if (!guarded.ok) return guarded;
  if (!mayUseEvent(actor, input.eventId) || !mayUseGate(actor, input.gateId)) {
    return refuse('not_found');
  }
  const settings = await deps.findDoorSettings(actor.organizationId, input.eventId, nowMs);
  if (settings === undefined) return refuse('not_found');
  const answer = await judge(deps.scans, request, settings);
  if (answer.outcome === 'REFUSED') await tell(deps, request, answer);
  return ok(answer);
}

async function judge(
  scans: ValidateScanDeps['scans'],
  { actor, input, nowMs }: ScanRequest,
  settings: DoorSettings,
): Promise<ScanAnswer> {
  const barcode = cleanScannedText(input.barcode);
  if (findBarcodeFault(barcode) !== undefined) return REFUSED_MALFORMED;
  const gateId = input.gateId ?? actor.gateId;
  const scan: ScanWrite = {
    organizationId: actor.organizationId,
    barcode,
    question: {
      eventId: input.eventId,
      direction: input.direction,
      scanDigest: toScanDigest(actor.keyId, input.scanId),
      ...(gateId === undefined ? {} : { gateId }),
    },
    settings,
    deviceId: actor.keyId,
    atMs: nowMs,
    scannedAtMs: input.scannedAtMs,
  };
  if (input.mode === 'check') return check(scans, scan);
  // A closed gate refuses everybody but a repeat, which a read can tell as well: still one call.
  if (findClosedReason(scan.question, settings, nowMs) !== undefined) {
    const ticket = await scans.find(scan.organizationId, barcode);
    return toAnswer(ticket, decideScan(ticket, scan.question, settings, nowMs), settings);
  }
  return admit(scans, scan);
}

/** Feeds log, counters and the guessing limiter. A check is neither logged nor counted, unless it may be a guess. */
async function tell(
  { guesses, tellRefusal }: ValidateScanDeps,
  { actor, input, nowMs, requestId }: ScanRequest,
  { reason, ticket }: ScanAnswer,
): Promise<void> {
  const isCheck = input.mode === 'check';
  if (isMiss(reason)) guesses.miss(actor, nowMs);
  else if (isCheck) return;
  const gateId = input.gateId ?? actor.gateId;
  await tellRefusal({
    organizationId: actor.organizationId,
    eventId: input.eventId,
    messageId: requestId,
    deviceId: actor.keyId,
    scanId: input.scanId,
    ...(gateId === undefined ? {} : { gateId }),
    direction: input.direction,
    atMs: nowMs,
    outcome: 'REFUSED',
    ...(reason === undefined ? {} : { reason }),
    ...(ticket === undefined
      ? {}
      : { eventTicketId: ticket.eventTicketId, ticketTypeId: ticket.ticketTypeId }),
    isOffline: false,
    isCheck,
  });
}

const REFUSED_MALFORMED: ScanAnswer = { outcome: 'REFUSED', reason: 'MALFORMED', repeated: false };

async function check(scans: ValidateScanDeps['scans'], scan: ScanWrite): Promise<ScanAnswer> {
  const ticket = await scans.find(scan.organizationId, scan.barcode);
  const decision = decideScan(ticket, scan.question, scan.settings, scan.atMs);
  const answer = toAnswer(ticket, decision, scan.settings);
  return decision.pass && !decision.repeated ? { ...answer, outcome: 'VALID' } : answer;
}

async function admit(scans: ValidateScanDeps['scans'], scan: ScanWrite): Promise<ScanAnswer> {
  const { direction } = scan.question;
  for (let tries = 0; tries < DECISIONS_MAX; tries += 1) {
    const commit = await scans.commit(scan);
    if (commit.committed) {
      const balanceDue = commit.ticket.payment === 'PARTLY';
      const decision = { pass: true, direction, repeated: false, balanceDue } as const;
      return toAnswer(commit.ticket, decision, scan.settings);
    }
    const decision = decideScan(commit.existing, scan.question, scan.settings, scan.atMs);
    if (!decision.pass || decision.repeated) {
      return toAnswer(commit.existing, decision, scan.settings);
    }
  }
  assert(false, 'the condition of a scan and its decision disagree');
}
