// CSV text into records, byte for byte: nothing is trimmed, no row is dropped, no quote inside a cell is lost.
import { pipeline, Readable } from 'node:stream';
import { CsvError, type Options, parse } from 'csv-parse';
import { parse as parseSync } from 'csv-parse/sync';
import type { Csv, CsvDialect } from '../app/import-ports.ts';
import { CsvFaultError } from '../domain/imports/faults.ts';
import {
  IMPORT_COLUMNS_MAX,
  RECORD_BYTES_MAX,
  type Encoding,
  type StopReason,
} from '../domain/imports/import.ts';

/** Stands for "no delimiter": a file with zeros in it is refused before. */
const NO_DELIMITER = '\u0000';

/**
 * Text that goes in without a record that comes out: a line of delimiters alone has no cell that would be too long.
 * Far more than the widest record and the pieces that wait before the parser; its cells take 8 bytes each.
 */
const RECORDLESS_BYTES_MAX = 32 * RECORD_BYTES_MAX;

const toOptions = ({ delimiter }: Pick<CsvDialect, 'delimiter'>): Options => ({
  delimiter: delimiter === '' ? NO_DELIMITER : delimiter,
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_quotes: true,
  relax_column_count: true,
  skip_empty_lines: false,
  max_record_size: RECORD_BYTES_MAX,
});

export async function* readCsv(
  source: AsyncIterable<Buffer>,
  dialect: CsvDialect,
): AsyncGenerator<readonly string[]> {
  const parser = parse(toOptions(dialect));
  const text = boundRecords(toUtf8(source, dialect.encoding), () => parser.info.records);
  // The callback is for the pipeline; the error itself comes out of the parser, which the pipeline destroys with it.
  pipeline(Readable.from(text, { highWaterMark: 1 }), parser, () => {});
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      if (record.length <= IMPORT_COLUMNS_MAX) yield record;
      else if (record.some(isBeyondWidest)) throw new CsvFaultError('too_many_columns');
      // Empty cells of an endless line would add up in the memory of whoever collects rows.
      else yield record.slice(0, IMPORT_COLUMNS_MAX);
    }
  } catch (error) {
    throw toFault(error);
  }
}

/** Hands text on as long as records come of it, so that no line grows in the parser without an end. */
async function* boundRecords(
  text: AsyncIterable<Buffer>,
  countRecords: () => number,
): AsyncGenerator<Buffer> {
  let records = 0;
  let bytes = 0;
  for await (const piece of text) {
    if (countRecords() !== records) bytes = 0;
    records = countRecords();
    bytes += piece.length;
    if (bytes > RECORDLESS_BYTES_MAX) throw new CsvFaultError('line_too_long');
    yield piece;
  }
}

const isBeyondWidest = (cell: string, index: number): boolean =>
  index >= IMPORT_COLUMNS_MAX && cell !== '';

export const readCsvHead: Csv['readHead'] = (head, dialect, isWhole) => {
  const records: string[][] = [];
  const collect = (record: string[]): null => {
    // As in the whole file, which is refused if there is anything behind.
    records.push(record.slice(0, IMPORT_COLUMNS_MAX));
    return null;
  };
  // The end of a head may cut a character or a quoted cell: what comes before it is enough for a guess.
  const text = new TextDecoder(dialect.encoding).decode(head, { stream: !isWhole });
  try {
    parseSync(text, { ...toOptions(dialect), on_record: collect });
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    return records;
  }
  return isWhole || records.length < 2 ? records : records.slice(0, -1);
};

/** Valid text in UTF-8, whatever the encoding; throws for bytes that are not in it. */
async function* toUtf8(source: AsyncIterable<Buffer>, encoding: Encoding): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  const decode = (bytes?: Buffer): string => {
    try {
      return bytes === undefined ? decoder.decode() : decoder.decode(bytes, { stream: true });
    } catch {
      throw new CsvFaultError('invalid_encoding');
    }
  };
  for await (const bytes of source) {
    const text = decode(bytes);
    if (text.includes('\u0000')) throw new CsvFaultError('binary_content');
    if (text !== '') yield Buffer.from(text);
  }
  const rest = decode();
  if (rest !== '') yield Buffer.from(rest);
}

const FAULTS: Readonly<Record<string, StopReason>> = {
  CSV_MAX_RECORD_SIZE: 'line_too_long',
  CSV_QUOTE_NOT_CLOSED: 'unclosed_quote',
};

function toFault(error: unknown): unknown {
  const reason = error instanceof CsvError ? FAULTS[error.code] : undefined;
  return reason === undefined ? error : new CsvFaultError(reason);
}
