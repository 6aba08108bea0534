// How an uploaded file is written: encoding, `sep=` line and delimiter, found in its first bytes and records.
import { type Delimiter, DELIMITERS, type Encoding, type StopReason } from './import.ts';
import { recogniseHeader } from './fields.ts';

/** Bytes at the start of a file from which its dialect is guessed. */
export const HEAD_BYTES = 65_536;

const SIGNATURES: readonly (readonly [string, StopReason])[] = [
  ['25504446', 'not_a_text_file'], // PDF
  ['504b0304', 'not_a_text_file'], // zip, and so xlsx and ods
  ['504b0506', 'not_a_text_file'], // empty zip
  ['377abcaf', 'not_a_text_file'], // 7z
  ['52617221', 'not_a_text_file'], // RAR
  ['1f8b', 'not_a_text_file'], // gzip
  ['d0cf11e0', 'not_a_text_file'], // xls
  ['89504e47', 'not_a_text_file'], // PNG
  ['ffd8ff', 'not_a_text_file'], // JPEG
];

/** Text, but no list: pages that are called workbooks, XML, rich text, JSON. */
const MARKUP = /^\s*(?:\[\s*\{\s*"|<\?xml|<!doctype|<html|<head|<body|<table|\{\\rtf)/i;
const MARKUP_BYTES = 256;

/** Why these first bytes are no text, or no list; or undefined. */
export function findForeignContent(head: Uint8Array): StopReason | undefined {
  const start = Buffer.from(head.subarray(0, 8)).toString('hex');
  const binary = SIGNATURES.find(([signature]) => start.startsWith(signature))?.[1];
  if (binary !== undefined) return binary;
  const text = new TextDecoder(guessEncoding(head)).decode(head.subarray(0, MARKUP_BYTES));
  return MARKUP.test(text) ? 'not_a_text_file' : undefined;
}

/** By its byte order mark, else by where zeros stand. UTF-8 is only a first guess: the whole file has to be valid. */
export function guessEncoding(head: Uint8Array): Exclude<Encoding, 'windows-1252'> {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (const [index, byte] of head.subarray(0, 2_000).entries()) {
    if (byte === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  // Text of western languages has a zero in nearly every second byte of UTF-16; binary files have them anywhere.
  const enough = Math.min(head.length, 2_000) * 0.3;
  if (odd > enough && even === 0) return 'utf-16le';
  if (even > enough && odd === 0) return 'utf-16be';
  return 'utf-8';
}

/** Bytes to which Windows-1252 gives no character. Decoders take them for control characters, which nobody typed. */
const NOT_IN_1252 = [0x81, 0x8d, 0x8f, 0x90, 0x9d];

/** Any bytes can be decoded as Windows-1252: this tells text from what is in another encoding, or in none. */
export const isIn1252 = (bytes: Uint8Array): boolean =>
  !NOT_IN_1252.some((byte) => bytes.includes(byte));

/** The delimiter that a first line `sep=;` names. */
export function findSepLine(head: string): Exclude<Delimiter, ''> | undefined {
  const named = /^"?sep=([,;\t|])"?(?:\r|\n|$)/i.exec(head)?.[1];
  return DELIMITERS.find(
    (delimiter): delimiter is Exclude<Delimiter, ''> => delimiter !== '' && delimiter === named,
  );
}

export interface DelimiterTrial {
  readonly delimiter: Delimiter;
  /** The first records of the file, read with this delimiter. */
  readonly records: readonly (readonly string[])[];
}

/** Rows that have to agree on a number of columns before a delimiter without a known header is believed. */
const AGREEMENT_MIN = 0.6;

/** The delimiter that splits the records most evenly; a header that it makes readable counts more than that. */
export function chooseDelimiter(trials: readonly DelimiterTrial[]): Delimiter {
  let best: { readonly delimiter: Delimiter; readonly score: number } = { delimiter: '', score: 0 };
  for (const { delimiter, records } of trials) {
    const known = Math.max(0, ...records.slice(0, HEADER_RECORDS).map(countKnown));
    const { columns, agreement } = countColumns(records);
    if (columns < 2 || (agreement < AGREEMENT_MIN && known < 2)) continue;
    const score = (known >= 2 ? known * 1_000 : 0) + agreement * 100 + Math.min(columns, 50);
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

/** A title or empty lines may stand above the header, but not more than these. */
export const HEADER_RECORDS = 10;

/** Cells that name a field. */
export const countKnown = (record: readonly string[]): number =>
  record.filter((cell) => recogniseHeader(cell) !== undefined).length;

/** The number of cells that most records have, and how large a part of them has it. Blank records don't count. */
export function countColumns(records: readonly (readonly string[])[]) {
  const widths = new Map<number, number>();
  for (const record of records) {
    if (record.every((cell) => cell === '')) continue;
    widths.set(record.length, (widths.get(record.length) ?? 0) + 1);
  }
  const total = widths.values().reduce((sum, count) => sum + count, 0);
  const [columns = 1, count = 0] =
    [...widths].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [];
  return { columns, agreement: total === 0 ? 0 : count / total };
}
