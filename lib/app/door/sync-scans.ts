// Offline scans come in: each is recorded once, clashes are told and kept in the ledger, refusals are only logged.
// Whatever fails, the whole batch may be sent again.
import pMap from 'p-map';
import { type Actor, mayUseEvent, mayUseGate } from '../../domain/access.ts';
import { cleanScannedText, findBarcodeFault } from '../../domain/barcode.ts';
import { isMiss, toMissMs } from '../../domain/guessing.ts';
import { toCorrectedMs } from '../../domain/offline-scan.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { toPassId, toScanDigest } from '../../domain/scan-mark.ts';
import type { DoorSettings, ScanReason } from '../../domain/scan.ts';
import type { FindDoorSettings } from '../scan-ports.ts';
import {
  type OfflineAnswer,
  type OfflineScan,
  type OfflineScanInput,
  toAdmission,
  toHead,
} from './offline-scan.ts';
import type { GuessGuard } from './guess-guard.ts';
import type { ScanMessage, SendScans } from './ports.ts';
import { type RecordDeps, recordOfflineScan } from './record-offline-scan.ts';

export interface SyncDeps extends RecordDeps {
  readonly findDoorSettings: FindDoorSettings;
  readonly guesses: GuessGuard;
  readonly sendScans: SendScans;
}

/** Barcodes worked on at once: 500 scans in a second or two, on few connections. */
const PARALLEL = 16;

/**
 * Refuses `not_found` when one of the events or gates is none of this device's, and `rate_limited` for a device that guesses:
 * what it says of unknown barcodes it could say to anybody. Nothing is recorded then.
 */
export async function syncScans(
  deps: SyncDeps,
  input: {
    readonly actor: Actor;
    readonly deviceNowMs: number;
    readonly scans: readonly OfflineScanInput[];
    readonly nowMs: number;
  },
): Promise<Result<{ readonly results: readonly OfflineAnswer[] }>> {
  const guarded = deps.guesses.check(input.actor, input.nowMs);
  if (!guarded.ok) return guarded;
  const settings = await loadSettings(deps, input);
  if (settings === undefined) return refuse('not_found');
  const scans = input.scans.map((scan) => toOfflineScan(scan, input, settings));
  const answers = new Map<OfflineScan, OfflineAnswer>();
  const messages: ScanMessage[] = [];
  const missesMs: number[] = [];
  await pMap(
    groupByBarcode(scans),
    async (group) => {
      for (const scan of group) {
        const { answer, message } = await judge(deps, scan);
        answers.set(scan, answer);
        if (message === undefined) continue;
        messages.push(message);
        const isNewMiss = isMiss(message.reason) && !answer.repeated;
        if (isNewMiss) missesMs.push(toMissMs(message, input.nowMs));
      }
    },
    { concurrency: PARALLEL },
  );
  deps.guesses.missOffline(input.actor, missesMs, input.nowMs);
  if (messages.length > 0) await deps.sendScans(messages);
  return ok({ results: scans.flatMap((scan) => answers.get(scan) ?? []) });
}

async function loadSettings(
  { findDoorSettings }: SyncDeps,
  {
    actor,
    scans,
    nowMs,
  }: {
    readonly actor: Actor;
    readonly scans: readonly OfflineScanInput[];
    readonly nowMs: number;
  },
): Promise<ReadonlyMap<string, DoorSettings> | undefined> {
  if (!scans.every(({ gateId }) => mayUseGate(actor, gateId))) return undefined;
  const found = new Map<string, DoorSettings>();
  for (const eventId of new Set(scans.map((scan) => scan.eventId))) {
    if (!mayUseEvent(actor, eventId)) return undefined;
    const settings = await findDoorSettings(actor.organizationId, eventId, nowMs);
    if (settings === undefined) return undefined;
    found.set(eventId, settings);
  }
  return found;
}

function toOfflineScan(
  { gateId, ...scan }: OfflineScanInput,
  {
    actor,
    deviceNowMs,
    nowMs,
  }: { readonly actor: Actor; readonly deviceNowMs: number; readonly nowMs: number },
  settings: ReadonlyMap<string, DoorSettings>,
): OfflineScan {
  const found = settings.get(scan.eventId);
  if (found === undefined) throw new Error('every event of the batch was found');
  const barcode = cleanScannedText(scan.barcode);
  const scanDigest = toScanDigest(actor.keyId, scan.scanId);
  return {
    ...scan,
    barcode,
    organizationId: actor.organizationId,
    deviceId: actor.keyId,
    gateId: gateId ?? actor.gateId,
    atMs: toCorrectedMs(scan.scannedAtMs, { deviceNowMs, nowMs }),
    nowMs,
    scanDigest,
    clashId: toPassId(scanDigest, barcode),
    settings: found,
  };
}

/** Scans of one barcode one after the other, in the order in which they happened. */
function groupByBarcode(scans: readonly OfflineScan[]): readonly (readonly OfflineScan[])[] {
  const groups = new Map<string, OfflineScan[]>();
  for (const scan of scans.toSorted((a, b) => a.atMs - b.atMs)) {
    const group = groups.get(scan.barcode);
    if (group === undefined) groups.set(scan.barcode, [scan]);
    else group.push(scan);
  }
  return [...groups.values()];
}

interface Judged {
  readonly answer: OfflineAnswer;
  readonly message?: ScanMessage;
}

async function judge(deps: SyncDeps, scan: OfflineScan): Promise<Judged> {
  if (scan.offlineOutcome === 'REFUSED') {
    return {
      answer: { ...toHead(scan), outcome: 'REFUSED', repeated: false },
      message: toMessage(scan, 'REFUSED'),
    };
  }
  if (findBarcodeFault(scan.barcode) !== undefined) return letInUnknown(deps, scan, 'MALFORMED');
  const recorded = await recordOfflineScan(deps, scan);
  return 'noTicket' in recorded ? letInUnknown(deps, scan, recorded.noTicket) : recorded;
}

/** There is no ticket on which the scan could be seen: the ledger and the log are all that knows of it. */
async function letInUnknown(
  { clashes }: SyncDeps,
  scan: OfflineScan,
  reason: ScanReason,
): Promise<Judged> {
  const isEntry = scan.direction === 'entry';
  const outcome = isEntry ? 'ADMITTED_OFFLINE_CLASH' : 'REFUSED';
  const { organizationId, eventId, clashId, scanId, nowMs } = scan;
  const made = { organizationId, eventId, clashId, scanId, reason, reportedAtMs: nowMs };
  const told = isEntry ? await clashes.report({ ...made, scan: toAdmission(scan) }) : undefined;
  const first = { ...scan, atMs: told?.scan.atMs ?? scan.atMs };
  const head = { ...toHead(first), reason: told?.reason ?? reason };
  return {
    answer: { ...head, outcome, repeated: told !== undefined },
    message: toMessage(first, outcome, head.reason),
  };
}

const toMessage = (
  scan: OfflineScan,
  outcome: ScanMessage['outcome'],
  reason?: ScanReason,
): ScanMessage => ({
  organizationId: scan.organizationId,
  eventId: scan.eventId,
  messageId: scan.clashId,
  deviceId: scan.deviceId,
  scanId: scan.scanId,
  ...(scan.gateId === undefined ? {} : { gateId: scan.gateId }),
  direction: scan.direction,
  atMs: scan.atMs,
  outcome,
  ...(reason === undefined ? {} : { reason }),
  isOffline: true,
  isCheck: false,
});
