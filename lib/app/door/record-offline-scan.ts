// One offline scan on its ticket: read, decide, one conditional write, again when the ticket changed in between.
import {
  applyOfflineScan,
  decideOfflineScan,
  type OfflineClash,
  type OfflineDecision,
} from '../../domain/offline-scan.ts';
import type { KnownTicket } from '../../domain/pass-sequence.ts';
import { MARK } from '../../domain/scan.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { toPreviousScan, toTicketDetails } from '../scan-answer.ts';
import type { Clash, ClashStore, OfflineScanStore, RecordedScan } from './ports.ts';
import { type OfflineAnswer, type OfflineScan, toAdmission, toHead } from './offline-scan.ts';

export interface RecordDeps {
  readonly offlineScans: OfflineScanStore;
  readonly clashes: ClashStore;
}

/** Each further try follows another write of this very ticket. */
const TRIES_MAX = 20;

type Recorded =
  | { readonly answer: OfflineAnswer }
  | { readonly noTicket: 'UNKNOWN' | 'WRONG_EVENT' };

export async function recordOfflineScan(deps: RecordDeps, scan: OfflineScan): Promise<Recorded> {
  const { organizationId, barcode, eventId, direction, gateId, scanDigest } = scan;
  const question = {
    eventId,
    direction,
    scanDigest,
    ...(gateId === undefined ? {} : { gateId }),
  };
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const known = await deps.offlineScans.find(organizationId, barcode);
    const decision = decideOfflineScan(known, question, scan);
    if (decision.as === 'noTicket' || known === undefined) {
      return { noTicket: decision.as === 'noTicket' ? decision.reason : 'UNKNOWN' };
    }
    const { ticket } = known;
    if (decision.as === 'annulled') {
      return answer(scan, ticket, { outcome: 'REFUSED', reason: 'ANNULLED', repeated: true });
    }
    if (decision.as === 'repeated') {
      if (decision.how === 'clashed') return { answer: await toKnownClash(deps, scan, ticket) };
      const outcome = decision.how === 'exited' ? 'EXITED' : 'ADMITTED';
      const { atMs = scan.atMs } = decision;
      return answer({ ...scan, atMs }, ticket, { outcome, repeated: true });
    }
    const recorded = toRecorded(scan, known, decision);
    const { clash } = recorded;
    const written = await deps.offlineScans.record(recorded);
    if (written === 'reported') return { answer: await toKnownClash(deps, scan, ticket) };
    if (written === 'contested') continue;
    if (clash !== undefined) return { answer: toClashAnswer(scan, ticket, clash) };
    const outcome = decision.as === 'exited' ? 'EXITED' : 'ADMITTED';
    return answer(scan, ticket, { outcome, repeated: false });
  }
  throw new Contention('a ticket changed at each of many tries to record an offline scan');
}

function toRecorded(
  scan: OfflineScan,
  known: KnownTicket,
  decision: Extract<OfflineDecision, { readonly as: 'entered' | 'exited' }>,
): RecordedScan {
  const { direction, scanDigest, clashId: passId, nowMs } = scan;
  const found = decision.as === 'entered' ? decision.clash : undefined;
  const letter = { entered: MARK.offlineEntry, exited: MARK.offlineExit }[decision.as];
  const admission = toAdmission(scan);
  const mark = (found === undefined ? letter : MARK.offlineClash) + scanDigest;
  return {
    before: known.ticket,
    after: applyOfflineScan(known, { direction, scan: admission, mark }),
    pass: {
      passId,
      direction,
      scan: admission,
      ...(found === undefined ? {} : { clash: found.reason }),
      ...(found?.isExtra ? { isExtra: true } : {}),
    },
    clash: found && toClash(scan, known.ticket, found),
    explains: decision.as === 'exited' ? decision.explains : undefined,
    nowMs,
  };
}

/** Answered as 503: the batch may be sent again. */
class Contention extends Error {
  override readonly name = 'TransactionConflictException';
}

const answer = (
  scan: OfflineScan,
  ticket: Ticket,
  rest: Pick<OfflineAnswer, 'outcome' | 'reason' | 'repeated'>,
): { readonly answer: OfflineAnswer } => ({
  answer: {
    ...toHead(scan),
    ...rest,
    ...(rest.outcome === 'ADMITTED' && ticket.payment === 'PARTLY'
      ? { attention: 'BALANCE_DUE' as const }
      : {}),
    ticket: toTicketDetails(ticket, scan.settings),
  },
});

const toClash = (scan: OfflineScan, ticket: Ticket, { reason, other }: OfflineClash): Clash => ({
  organizationId: scan.organizationId,
  eventId: scan.eventId,
  clashId: scan.clashId,
  reason,
  scan: toAdmission(scan),
  scanId: scan.scanId,
  eventTicketId: ticket.eventTicketId,
  ticketTypeId: ticket.ticketTypeId,
  ...(other === undefined ? {} : { other }),
  reportedAtMs: scan.nowMs,
});

const toClashAnswer = (
  scan: OfflineScan,
  ticket: Ticket,
  { reason, other, scan: told, eventTicketId }: Clash,
): OfflineAnswer => ({
  scanId: scan.scanId,
  at: new Date(told.atMs).toISOString(),
  outcome: 'ADMITTED_OFFLINE_CLASH',
  reason,
  repeated: false,
  // Without a ticket then, as it was told: the barcode was imported later.
  ...(eventTicketId === undefined ? {} : { ticket: toTicketDetails(ticket, scan.settings) }),
  ...(other === undefined ? {} : { clash: toPreviousScan(other) }),
});

/** The ledger tells it as it was told first. */
async function toKnownClash(
  { clashes }: RecordDeps,
  scan: OfflineScan,
  ticket: Ticket,
): Promise<OfflineAnswer> {
  const clash = await clashes.find(scan, scan.clashId);
  if (clash === undefined) {
    // Not a scan of this barcode's past any more: its entry in the ledger has gone.
    return { ...toHead(scan), outcome: 'ADMITTED_OFFLINE_CLASH', repeated: true };
  }
  return { ...toClashAnswer(scan, ticket, clash), repeated: true };
}
