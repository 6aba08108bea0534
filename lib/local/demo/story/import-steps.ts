// The story's first half: an organizer makes an event and imports a file with everything that files have.
import { parse } from 'csv-parse/sync';
import { readAnswer } from '../api.ts';
import {
  awaitAnswer,
  isAwaitingAnalysis,
  isAwaitingEnd,
  isAwaitingReport,
  type UploadForm,
  uploadFile,
} from '../upload.ts';
import { aText, aTextLike, aTime, containing, including } from './expected.ts';
import { recall, type Step, type Story, type StoryTickets } from './step.ts';

const FILE_NAME = 'story.csv';
const DAY_MS = 24 * 3_600_000;

const toCell = (text: string): string =>
  /[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;

/** Eight records: four tickets, a duplicate, a row without barcode, an e-mail that isn't one, and a blank row. */
const toStoryCsv = ({ tickets: { spaced, zeros, quoted, plain } }: Story): string =>
  [
    ['barcode', 'name', 'email', 'ticket type', 'order reference'],
    [spaced, 'Anna Space', 'anna@example.com', 'Regular', 'S-1'],
    [zeros, 'Otto Zero', 'otto@example.com', 'Regular', 'S-2'],
    [quoted, 'Quinn Quote', 'quinn@example.com', 'VIP', 'S-3'],
    [plain, 'Paula Plain', 'paula@example.com', 'Regular', 'S-4'],
    [zeros, 'Otto Again', 'otto@example.com', 'Regular', 'S-2'],
    ['', 'Nobody Known', 'nobody@example.com', 'Regular', 'S-5'],
    [`${plain}-2`, 'Erik Error', 'not an address', 'Regular', 'S-6'],
    ['', '', '', '', ''],
  ]
    .map((row) => row.map(toCell).join(','))
    .join('\r\n');

/** What the report has to say of each row. */
const toReportRows = ({ spaced, zeros, quoted, plain }: StoryTickets): readonly ReportRow[] => [
  { row: '1', outcome: 'ticket', reason: '', barcode: spaced },
  { row: '2', outcome: 'ticket', reason: '', barcode: zeros },
  { row: '3', outcome: 'ticket', reason: '', barcode: quoted },
  { row: '4', outcome: 'ticket', reason: '', barcode: plain },
  { row: '5', outcome: 'duplicate', reason: '', barcode: zeros },
  { row: '6', outcome: 'rejected', reason: 'barcode_missing', barcode: '' },
  { row: '7', outcome: 'rejected', reason: 'email_invalid', barcode: `${plain}-2` },
  { row: '8', outcome: 'blank', reason: '', barcode: '' },
];

interface ReportRow {
  readonly row: string;
  readonly outcome: string;
  readonly reason: string;
  readonly barcode: string;
}

const readReport = (text: string): readonly ReportRow[] =>
  parse<Record<string, string>>(text, { bom: true, columns: true }).map((cells) => ({
    row: cells['import row'] ?? '',
    outcome: cells['outcome'] ?? '',
    reason: cells['reason'] ?? '',
    barcode: cells['barcode'] ?? '',
  }));

const PROGRESS = {
  rowsTotal: 8,
  rowsDone: 8,
  tickets: 4,
  duplicates: 1,
  rejected: 2,
  notImported: 0,
  blank: 1,
};

const toType = (name: string, ticketTypeId: number, amountMinor: number) => ({
  ticketTypeId,
  name,
  kind: 'single',
  price: { amountMinor, currency: 'EUR' },
});

const createTypeStep = (name: 'Regular' | 'VIP', amountMinor: number): Step => {
  const idOf = ({ ticketTypeIds }: Story): number =>
    ticketTypeIds[name === 'VIP' ? 'vip' : 'regular'];
  return {
    title: `the ticket type ${name} is made`,
    ask: (story) =>
      story.api('POST', `/v1/events/${story.eventId}/ticket-types`, {
        key: story.organizerKey,
        body: toType(name, idOf(story), amountMinor),
      }),
    status: 201,
    body: (story) =>
      including({ eventId: story.eventId, ...toType(name, idOf(story), amountMinor) }),
  };
};

const importPath = (story: Story, rest = ''): string =>
  `/v1/imports/${recall<string>(story, 'importId')}${rest}`;

export const IMPORT_STEPS: readonly Step[] = [
  {
    title: 'the organizer makes an event',
    ask: ({ api, organizerKey, eventId }) =>
      api('POST', '/v1/events', {
        key: organizerKey,
        body: {
          eventId,
          eventUrl: eventId,
          name: 'Story Night',
          startsAt: new Date(Date.now() - DAY_MS).toISOString(),
          endsAt: new Date(Date.now() + DAY_MS).toISOString(),
          timezone: 'Europe/Amsterdam',
          currency: 'EUR',
          country: 'NL',
        },
      }),
    status: 201,
    body: ({ eventId }) =>
      including({ eventId, eventUrl: eventId, name: 'Story Night', imported: 0, sold: 0 }),
  },
  createTypeStep('Regular', 2500),
  createTypeStep('VIP', 6000),
  {
    title: 'an import is opened',
    ask: ({ api, organizerKey, eventId }) =>
      api('POST', `/v1/events/${eventId}/imports`, {
        key: organizerKey,
        body: { fileName: FILE_NAME, overCapacity: 'disabled' },
      }),
    status: 201,
    body: () =>
      including({
        importId: aText,
        status: 'AWAITING_UPLOAD',
        upload: including({
          url: aTextLike(/^http/),
          fields: including({ key: aText, Policy: aText }),
        }),
      }),
    learn: ({ learned }, { importId, upload }) =>
      learned.set('importId', importId).set('upload', upload),
  },
  {
    title: 'its file is uploaded by the presigned form',
    ask: (story) => uploadFile(recall<UploadForm>(story, 'upload'), FILE_NAME, toStoryCsv(story)),
    status: 204,
    body: () => '',
  },
  {
    title: 'the file is analyzed: the space is noticed and nothing is written yet',
    ask: (story) =>
      awaitAnswer(story.api, {
        path: importPath(story),
        key: story.organizerKey,
        isUnderWay: isAwaitingAnalysis,
      }),
    status: 200,
    body: (story) =>
      including({
        importId: recall(story, 'importId'),
        status: 'ANALYZED',
        fileName: FILE_NAME,
        mapping: including({
          header: true,
          delimiter: ',',
          columns: containing(including({ index: 0, field: 'barcode', certainty: 'certain' })),
        }),
        warnings: containing(including({ code: 'outerSpaces', count: 1 })),
      }),
    learn: ({ learned }, { mapping }) => learned.set('mapping', mapping),
  },
  {
    title: 'the import is started as it was understood',
    ask: (story) =>
      story.api('POST', importPath(story, '/start'), {
        key: story.organizerKey,
        body: { mapping: recall(story, 'mapping') },
      }),
    status: 202,
    body: (story) => including({ importId: recall(story, 'importId'), status: 'RUNNING' }),
  },
  {
    title: 'the import ends, with every row accounted for',
    ask: (story) =>
      awaitAnswer(story.api, {
        path: importPath(story),
        key: story.organizerKey,
        isUnderWay: isAwaitingEnd,
      }),
    status: 200,
    body: () => including({ status: 'COMPLETED_WITH_REJECTS', progress: including(PROGRESS) }),
  },
  {
    title: 'the event counts four imported tickets',
    ask: ({ api, organizerKey, eventId }) =>
      api('GET', `/v1/events/${eventId}`, { key: organizerKey }),
    status: 200,
    body: ({ eventId }) => including({ eventId, imported: 4, sold: 0, held: 0 }),
  },
  {
    title: 'a report is asked for',
    ask: (story) =>
      story.api('POST', importPath(story, '/report'), { key: story.organizerKey, body: {} }),
    status: 202,
    body: () => including({}),
  },
  {
    title: 'the report is ready',
    ask: (story) =>
      awaitAnswer(story.api, {
        path: importPath(story, '/report'),
        key: story.organizerKey,
        isUnderWay: isAwaitingReport,
      }),
    status: 200,
    body: () => including({ url: aTextLike(/^http/) }),
    learn: ({ learned }, { url }) => learned.set('reportUrl', url),
  },
  {
    title: 'the report has every row with its outcome',
    ask: async (story) => {
      const { status, body } = await readAnswer(await fetch(recall<string>(story, 'reportUrl')));
      return { status, body: readReport(String(body)) };
    },
    status: 200,
    body: ({ tickets }) => toReportRows(tickets),
  },
  {
    title: 'a scanner is enrolled for the event',
    ask: ({ api, organizerKey, eventId }) =>
      api('POST', '/v1/devices', {
        key: organizerKey,
        body: { name: 'Story door', eventIds: [eventId] },
      }),
    status: 201,
    body: ({ eventId }) =>
      including({
        deviceId: aText,
        key: aText,
        name: 'Story door',
        eventIds: [eventId],
        createdAt: aTime,
      }),
    learn: ({ learned }, { key, deviceId }) =>
      learned.set('deviceKey', key).set('deviceId', deviceId),
  },
];
