// Taking an admission back because the turnstile did not turn (product.md section 5): only the newest scan of a ticket,
// only by the device that made it, and only for a while.
import { findMark, isExitMark, MARK } from './scan.ts';
import type { Ticket } from './ticket.ts';

/** Product.md section 5. */
export const ANNUL_MS_MAX = 15 * 60_000;

export interface AnnulQuestion {
  readonly eventId: string;
  readonly deviceId: string;
  /** Mark of the scan to annul, see `toScanDigest`. */
  readonly scanDigest: string;
}

export type AnnulDecision = 'annul' | 'annulled' | 'not_last_admission';

/** `annulled`: this very scan was annulled before, which is the same answer. */
export function decideAnnul(
  ticket: Ticket | undefined,
  { eventId, deviceId, scanDigest }: AnnulQuestion,
  nowMs: number,
): AnnulDecision {
  if (ticket === undefined || ticket.eventId !== eventId) return 'not_last_admission';
  const mark = findMark(ticket, scanDigest);
  if (mark?.startsWith(MARK.annulled)) return 'annulled';
  const last = ticket.lastAdmission;
  const isAnnullable =
    mark !== undefined &&
    mark === ticket.scanMarks[0] &&
    !isExitMark(mark) &&
    // A barcode that was replaced, swapped or canceled is nobody's admission any more: its ticket lives elsewhere.
    (ticket.standing === 'ACTIVE' || ticket.standing === 'BLOCKED') &&
    ticket.beforeEntry !== undefined &&
    last?.deviceId === deviceId &&
    last.atMs >= nowMs - ANNUL_MS_MAX;
  return isAnnullable ? 'annul' : 'not_last_admission';
}
