// CSV files of an event that are asked for and made later. Of each content an event has the one that was asked for last.

import type { FileState } from './file-state.ts';

export const EXPORT_CONTENTS = ['barcodes', 'orders', 'tickets'] as const;
export type ExportContent = (typeof EXPORT_CONTENTS)[number];

export interface EventExport {
  readonly organizationId: string;
  readonly eventId: string;
  readonly content: ExportContent;
  readonly exportId: string;
  /** Cells as they are, also those that a spreadsheet would run. */
  readonly raw: boolean;
  readonly ready: boolean;
  readonly requestedAtMs: number;
  /** Since it took more than one call. */
  readonly file?: FileState;
}

/** What the bucket keeps of reports, less a day: a link is good until its file goes. */
export const EXPORT_KEPT_MS = 6 * 24 * 3_600_000;
