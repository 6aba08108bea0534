// Annul an admission: one question, one conditional write, like the scan itself.
import { type Actor, mayUseEvent } from '../domain/access.ts';
import { type AnnulQuestion, decideAnnul } from '../domain/annul.ts';
import { assert } from '../domain/assert.ts';
import { cleanScannedText, findBarcodeFault } from '../domain/barcode.ts';
import { type Result, ok, refuse } from '../domain/result.ts';
import { toScanDigest } from '../domain/scan-mark.ts';
import type { DoorSettings } from '../domain/scan.ts';
import type { Ticket } from '../domain/ticket.ts';
import { toTicketDetails, type TicketDetails } from './scan-answer.ts';
import type { FindDoorSettings, ScanStore } from './scan-ports.ts';

export interface AnnulInput {
  readonly scanId: string;
  readonly eventId: string;
  readonly barcode: string;
}

export interface AnnulAnswer {
  readonly outcome: 'ANNULLED';
  readonly ticket: TicketDetails;
}

export interface AnnulDeps {
  readonly scans: Pick<ScanStore, 'annul'>;
  readonly findDoorSettings: FindDoorSettings;
}

/** A refused write whose item would be annulled means that it changed in between: decided again. */
const DECISIONS_MAX = 5;

/**
 * Refuses `not_last_admission` for whatever isn't this device's newest admission of the ticket, unknown barcodes
 * included: the route tells nobody which barcodes exist. A repeat of an annul answers the same.
 */
export async function annulScan(
  { scans, findDoorSettings }: AnnulDeps,
  {
    actor,
    input,
    nowMs,
  }: { readonly actor: Actor; readonly input: AnnulInput; readonly nowMs: number },
): Promise<Result<AnnulAnswer>> {
  if (!mayUseEvent(actor, input.eventId)) return refuse('not_found');
  const settings = await findDoorSettings(actor.organizationId, input.eventId, nowMs);
  if (settings === undefined) return refuse('not_found');
  const barcode = cleanScannedText(input.barcode);
  if (findBarcodeFault(barcode) !== undefined) return refuse('not_last_admission');
  const question: AnnulQuestion = {
    eventId: input.eventId,
    deviceId: actor.keyId,
    scanDigest: toScanDigest(actor.keyId, input.scanId),
  };
  for (let tries = 0; tries < DECISIONS_MAX; tries += 1) {
    const { organizationId } = actor;
    const commit = await scans.annul({ ...question, organizationId, barcode, atMs: nowMs });
    if (commit.committed) return ok(toAnswer(commit.ticket, settings));
    const decision = decideAnnul(commit.existing, question, nowMs);
    if (decision === 'not_last_admission') return refuse('not_last_admission');
    if (decision === 'annulled' && commit.existing !== undefined) {
      return ok(toAnswer(commit.existing, settings));
    }
  }
  assert(false, 'the condition of an annul and its decision disagree');
}

const toAnswer = (ticket: Ticket, settings: DoorSettings): AnnulAnswer => ({
  outcome: 'ANNULLED',
  ticket: toTicketDetails(ticket, settings),
});
