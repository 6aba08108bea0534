// Records into CSV text that spreadsheets open and our own importer reads back unchanged: UTF-8 with a byte order mark,
// commas, CRLF.
import { stringify } from 'csv-stringify/sync';

/** Texts of records, one after the other, are a file; only its start has the byte order mark. */
export const toCsvText = (
  records: readonly (readonly string[])[],
  { isStart = false }: { readonly isStart?: boolean } = {},
): string =>
  stringify(records as string[][], {
    bom: isStart,
    record_delimiter: '\r\n',
    // Line ends of any kind inside a cell, and spaces at its ends, survive only in quotes in some readers.
    quoted_match: /[\r\n]|^\s|\s$/,
  });
