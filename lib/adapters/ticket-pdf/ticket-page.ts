// One page of a ticket, A4: what it admits to, for whom, and the barcode with its text below.
import {
  closePath,
  fillEvenOdd,
  lineTo,
  moveTo,
  type PDFDocument,
  type PDFPage,
  popGraphicsState,
  pushGraphicsState,
  rgb,
  setFillingRgbColor,
} from '@cantoo/pdf-lib';
import type { PrintedTicket, TicketPdfInput } from '../../app/ticket-pdf-ports.ts';
import { toMomentText } from '../../domain/formats.ts';
import { toPlaceFacts } from '../../domain/mails/words.ts';
import type { Symbology } from '../../domain/symbology.ts';
import { type BarcodeShape, toBarcodeShape, UNITS_PER_BAR } from './barcode-shape.ts';
import type { Style, Typesetter } from './typesetter.ts';

type Language = TicketPdfInput['language'];

const WORDS = {
  en: {
    ticket: 'Ticket',
    name: 'Name',
    price: 'Price',
    order: 'Order',
    number: 'Ticket number',
    note: 'Show this barcode at the entrance, on your screen or on paper. It admits once: keep it to yourself.',
  },
  nl: {
    ticket: 'Ticket',
    name: 'Naam',
    price: 'Prijs',
    order: 'Bestelling',
    number: 'Ticketnummer',
    note: 'Laat deze barcode zien bij de ingang, op je scherm of op papier. Hij geeft één keer toegang: deel hem met niemand.',
  },
} as const satisfies Record<Language, unknown>;

/** Points in a millimetre. */
const MM = 72 / 25.4;
const PAGE = { width: 210 * MM, height: 297 * MM };
const MARGIN = 20 * MM;
const ROOM = PAGE.width - 2 * MARGIN;

const TITLE: Style = { size: 24, isBold: true };
const DATE: Style = { size: 13 };
const LABEL: Style = { size: 9, gray: 0.35 };
const VALUE: Style = { size: 14, isBold: true };
const CODE: Style = { size: 11 };
const NOTE: Style = { size: 9, gray: 0.35 };

interface BarcodeRoom {
  readonly width: number;
  readonly height: number;
}

/** A square one for a phone's camera at arm's length; the others as wide as their bars need, see `BAR_MAX`. */
const SQUARE: BarcodeRoom = { width: 60 * MM, height: 60 * MM };
const BARCODE_ROOM: Readonly<Record<Symbology, BarcodeRoom>> = {
  QR: SQUARE,
  AZTEC: SQUARE,
  PDF417: { width: ROOM, height: 70 * MM },
  CODE128: { width: ROOM, height: 70 * MM },
};
/** A short linear barcode needn't fill the page: scanners read a bar of 0.25 to 0.5 mm. */
const BAR_MAX = 0.5 * MM;

interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface TicketText {
  readonly title: string;
  readonly date: string;
  readonly facts: readonly Fact[];
  readonly code: string;
  readonly note: string;
}

export function toTicketText(ticket: PrintedTicket, language: Language): TicketText {
  const words = WORDS[language];
  const facts: readonly Fact[] = [
    { label: words.ticket, value: ticket.ticketTypeName },
    { label: words.name, value: ticket.holderName ?? '' },
    ...toPlaceFacts(ticket, language),
    { label: words.price, value: ticket.priceText ?? '' },
    { label: words.order, value: String(ticket.orderId) },
    { label: words.number, value: String(ticket.eventTicketId) },
  ];
  return {
    title: ticket.eventName,
    date: toMomentText(ticket.startsAt, ticket.timezone, language),
    facts: facts.filter(({ value }) => value !== ''),
    code: showSpaces(ticket.barcode),
    note: words.note,
  };
}

/** Spaces that nobody sees belong to the barcode: whoever types it in has to know of them. */
const showSpaces = (barcode: string): string =>
  barcode.replace(/^\s+|\s+$|\s{2,}/gu, (spaces) => '␣'.repeat(spaces.length));

export const toAllText = ({ title, date, facts, code, note }: TicketText): readonly string[] => [
  title,
  date,
  code,
  note,
  '…',
  ...facts.flatMap(({ label, value }) => [label, value]),
];

export function drawTicketPage(
  pdf: PDFDocument,
  type: Typesetter,
  { ticket, text }: { readonly ticket: PrintedTicket; readonly text: TicketText },
): void {
  const page = pdf.addPage([PAGE.width, PAGE.height]);
  let y = PAGE.height - MARGIN;
  y = drawLines(page, type, { text: text.title, style: TITLE, linesMax: 3, y });
  y = drawLines(page, type, { text: text.date, style: DATE, linesMax: 2, y: y - 2 * MM });
  y -= 5 * MM;
  drawRule(page, y);
  y = drawFacts(page, type, text.facts, y - 4 * MM);
  drawRule(page, y);
  y = drawBarcode(page, toBarcodeShape(ticket.barcode, ticket.symbology), y - 12 * MM);
  const code = { text: text.code, style: CODE, linesMax: 6, isCentered: true };
  y = drawLines(page, type, { ...code, y: y - 6 * MM });
  const note = { text: text.note, style: NOTE, linesMax: 3, isCentered: true };
  drawLines(page, type, { ...note, y: y - 8 * MM });
}

interface Lines {
  readonly text: string;
  readonly style: Style;
  readonly linesMax: number;
  /** Top of the first line. */
  readonly y: number;
  readonly x?: number;
  readonly width?: number;
  readonly isCentered?: boolean;
}

const LEADING = 1.3;

/** Answers where the next thing may begin. */
function drawLines(page: PDFPage, type: Typesetter, lines: Lines): number {
  const { text, style, linesMax, y, x = MARGIN, width = ROOM, isCentered = false } = lines;
  let base = y - style.size;
  for (const line of type.toLines(text, style, { width, linesMax })) {
    const left = isCentered ? x + (width - type.measure(line, style)) / 2 : x;
    type.draw(page, line, { ...style, x: left, y: base });
    base -= style.size * LEADING;
  }
  return base + style.size;
}

const COLUMNS = 2;
const GUTTER = 8 * MM;

function drawFacts(page: PDFPage, type: Typesetter, facts: readonly Fact[], top: number): number {
  const width = (ROOM - GUTTER) / COLUMNS;
  let y = top;
  for (let start = 0; start < facts.length; start += COLUMNS) {
    const ends = facts.slice(start, start + COLUMNS).map(({ label, value }, column) => {
      const x = MARGIN + column * (width + GUTTER);
      const below = drawLines(page, type, { text: label, style: LABEL, linesMax: 1, y, x, width });
      return drawLines(page, type, { text: value, style: VALUE, linesMax: 3, y: below, x, width });
    });
    y = Math.min(...ends) - 2 * MM;
  }
  return y - 1 * MM;
}

const drawRule = (page: PDFPage, y: number): void =>
  page.drawLine({
    start: { x: MARGIN, y },
    end: { x: PAGE.width - MARGIN, y },
    thickness: 0.5,
    color: rgb(0.75, 0.75, 0.75),
  });

/** As one shape, so that no hair-thin gaps appear between neighbouring bars. */
function drawBarcode(page: PDFPage, shape: BarcodeShape, top: number): number {
  const room = BARCODE_ROOM[shape.symbology];
  const unitMax = room === SQUARE ? Infinity : BAR_MAX / UNITS_PER_BAR;
  const unit = Math.min(room.width / shape.width, room.height / shape.height, unitMax);
  const left = (PAGE.width - shape.width * unit) / 2;
  const toPoint = ([x, y]: readonly [number, number]): [number, number] => [
    left + x * unit,
    top - y * unit,
  ];
  const paths = shape.polygons.flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [
          moveTo(...toPoint(first)),
          ...others.map((point) => lineTo(...toPoint(point))),
          closePath(),
        ],
  );
  page.pushOperators(
    pushGraphicsState(),
    setFillingRgbColor(0, 0, 0),
    ...paths,
    fillEvenOdd(),
    popGraphicsState(),
  );
  return top - shape.height * unit;
}
