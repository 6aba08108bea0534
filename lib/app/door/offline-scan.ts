// A scan that a scanner made while it was offline: as it came, on its way through the batch, and what is answered.
import type { Direction, DoorSettings } from '../../domain/scan.ts';
import type { Admission } from '../../domain/ticket.ts';
import type { PreviousScan, ScanAnswer } from '../scan-answer.ts';

export interface OfflineScanInput {
  readonly scanId: string;
  readonly eventId: string;
  readonly barcode: string;
  readonly direction: Direction;
  readonly gateId: string | undefined;
  readonly scannedAtMs: number;
  readonly offlineOutcome: 'ADMITTED' | 'REFUSED';
}

export interface OfflineAnswer extends Omit<ScanAnswer, 'outcome'> {
  readonly scanId: string;
  readonly outcome: 'ADMITTED' | 'EXITED' | 'REFUSED' | 'ADMITTED_OFFLINE_CLASH';
  /** When it happened, by the server's clock. */
  readonly at: string;
  /** The admission that this one adds to; which was first, the times tell. */
  readonly clash?: PreviousScan;
}

/** A scan on its way through the batch. */
export interface OfflineScan extends Omit<OfflineScanInput, 'gateId'> {
  readonly organizationId: string;
  readonly deviceId: string;
  readonly gateId: string | undefined;
  readonly atMs: number;
  readonly nowMs: number;
  readonly scanDigest: string;
  /** Of the scan and its barcode: names its clash and its line in the log. */
  readonly clashId: string;
  readonly settings: DoorSettings;
}

export const toHead = ({ scanId, atMs }: OfflineScan): Pick<OfflineAnswer, 'scanId' | 'at'> => ({
  scanId,
  at: new Date(atMs).toISOString(),
});

export const toAdmission = ({ atMs, deviceId, gateId, scannedAtMs }: OfflineScan): Admission => ({
  atMs,
  deviceId,
  ...(gateId === undefined ? {} : { gateId }),
  scannedAtMs,
});
