// Tells the organizer that an import has ended. Written from the import as it is by now.
import type { ImportFinishedMail } from '../../domain/mails/mail.ts';
import { toImportFinishedMail } from '../../domain/mails/organizer-mails.ts';
import type { Import } from '../../domain/imports/import.ts';
import type { ImportStore } from '../import-ports.ts';
import type { OutboxMessageOf } from '../outbox-ports.ts';
import type { Letter } from './deliver-mail.ts';
import {
  findOrganizer,
  findSubject,
  type LetterDeps,
  toMailBase,
  toSender,
} from './letter-deps.ts';

export interface ImportLetterDeps extends LetterDeps {
  readonly imports: Pick<ImportStore, 'find'>;
}

/** `outdated` when the import runs again: that run's end has a mail of its own. */
export async function writeImportLetter(
  deps: ImportLetterDeps,
  message: OutboxMessageOf<'mail.importFinished'>,
): Promise<Letter | 'nobody' | 'outdated'> {
  const found = await deps.imports.find(message);
  if (found === undefined) return 'nobody';
  const { status, fileName, startedAtMs } = found;
  if (startedAtMs !== message.startedAtMs || !isEnded(status)) return 'outdated';
  const subject = await findSubject(deps, found);
  if (subject === undefined) return 'nobody';
  const addressee = await findOrganizer(deps, subject.organization);
  if (addressee === undefined) return 'nobody';
  const { rowsTotal, counts } = found;
  const content = toImportFinishedMail({
    ...toMailBase(subject),
    status,
    fileName,
    counts: { rowsTotal, ...counts },
  });
  return { ...toSender(subject), addressee, content };
}

const ENDED: readonly Import['status'][] = [
  'COMPLETED',
  'COMPLETED_WITH_REJECTS',
  'STOPPED_SOLD_OUT',
  'FAILED',
  'DRY_RUN_COMPLETED',
  'UNDONE',
  'UNDONE_PARTLY',
] satisfies readonly ImportFinishedMail['status'][];

const isEnded = (status: Import['status']): status is ImportFinishedMail['status'] =>
  ENDED.includes(status);
