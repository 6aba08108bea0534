// To the organizer: an import has come to its end. From the organizer: words of their own to the contacts of an event.
import { toCountText } from '../formats.ts';
import { type Block, type Fact, toMailContent } from './layout.ts';
import type { ContactMessageMail, ImportFinishedMail, Language, MailContent } from './mail.ts';
import { toEventFacts } from './words.ts';

type Counts = ImportFinishedMail['counts'];

interface Words {
  readonly subject: (fileName: string) => string;
  readonly status: Readonly<Record<ImportFinishedMail['status'], string>>;
  readonly file: string;
  readonly counts: Readonly<Record<keyof Counts, string>>;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    subject: (fileName) => `Import finished: ${fileName}`,
    status: {
      COMPLETED: 'Your import is finished.',
      COMPLETED_WITH_REJECTS:
        'Your import is finished. Some rows were rejected; the report says why.',
      STOPPED_SOLD_OUT: 'Your import stopped because no tickets are left.',
      FAILED: 'Your import failed: the file could not be read to its end.',
      DRY_RUN_COMPLETED: 'The dry run of your import is finished. No ticket was made.',
      UNDONE: 'Your import was undone.',
      UNDONE_PARTLY: 'Your import was undone in part: some tickets had to stay.',
    },
    file: 'File',
    counts: {
      rowsTotal: 'Rows',
      tickets: 'Tickets',
      duplicates: 'Duplicates',
      rejected: 'Rejected',
      notImported: 'Not imported',
      blank: 'Blank',
    },
  },
  nl: {
    subject: (fileName) => `Import klaar: ${fileName}`,
    status: {
      COMPLETED: 'Je import is klaar.',
      COMPLETED_WITH_REJECTS:
        'Je import is klaar. Sommige rijen zijn afgewezen; het rapport zegt waarom.',
      STOPPED_SOLD_OUT: 'Je import is gestopt omdat er geen tickets meer zijn.',
      FAILED: 'Je import is mislukt: het bestand kon niet tot het einde gelezen worden.',
      DRY_RUN_COMPLETED: 'De proefimport is klaar. Er zijn geen tickets gemaakt.',
      UNDONE: 'Je import is teruggedraaid.',
      UNDONE_PARTLY: 'Je import is deels teruggedraaid: sommige tickets moesten blijven.',
    },
    file: 'Bestand',
    counts: {
      rowsTotal: 'Rijen',
      tickets: 'Tickets',
      duplicates: 'Dubbel',
      rejected: 'Afgewezen',
      notImported: 'Niet geïmporteerd',
      blank: 'Leeg',
    },
  },
};

const COUNTS: readonly (keyof Counts)[] = [
  'rowsTotal',
  'tickets',
  'duplicates',
  'rejected',
  'notImported',
  'blank',
];

export function toImportFinishedMail(mail: ImportFinishedMail): MailContent {
  const { language, fileName, status, counts } = mail;
  const words = WORDS[language];
  const numbers: readonly Fact[] = COUNTS.map((name) => ({
    label: words.counts[name],
    value: toCountText(counts[name], language),
  }));
  return toMailContent({
    language,
    subject: words.subject(fileName),
    signature: mail.organizationName,
    blocks: [
      { kind: 'paragraph', text: words.status[status] },
      {
        kind: 'facts',
        facts: [{ label: words.file, value: fileName }, ...toEventFacts(mail), ...numbers],
      },
    ],
  });
}

/** The organizer's text stands as it was written; nothing in it is markup. */
export function toContactMessageMail(mail: ContactMessageMail): MailContent {
  const paragraphs = mail.text
    .replace(/\r\n?/g, '\n')
    .trim()
    .split(/\n[\t ]*\n\s*/);
  const blocks: readonly Block[] = paragraphs.map((text) => ({ kind: 'paragraph', text }));
  return toMailContent({
    language: mail.language,
    subject: mail.subject,
    signature: mail.organizationName,
    blocks: [...blocks, { kind: 'facts', facts: toEventFacts(mail) }],
  });
}
