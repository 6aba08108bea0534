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
  const text = toUtf8(source, dialect.encoding);
  // The callback is for the pipeline; the error itself comes out of the parser, which the pipeline destroys with it.
  pipeline(Readable.from(text), parser, () => {});
  try {
    for await (const record of parser as AsyncIterable<string[]>) {
      if (record.length > IMPORT_COLUMNS_MAX && record.some(isBeyondWidest)) {
        throw new CsvFaultError('too_many_columns');
      }
      yield record;
    }
  } catch (error) {
    throw toFault(error);
  }
}

const isBeyondWidest = (cell: string, index: number): boolean =>
  index >= IMPORT_COLUMNS_MAX && cell !== '';

export const readCsvHead: Csv['readHead'] = (head, dialect, isWhole) => {
  const records: string[][] = [];
  const collect = (record: string[]): null => {
    records.push(record);
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
