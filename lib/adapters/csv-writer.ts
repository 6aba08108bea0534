// Records into CSV text that spreadsheets open and our own importer reads back unchanged: UTF-8 with a byte order mark,
// commas, CRLF.
import { pipeline, Readable } from 'node:stream';
import { stringify } from 'csv-stringify';

export async function* writeCsv(records: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  const text = stringify({
    bom: true,
    record_delimiter: '\r\n',
    // Line ends of any kind inside a cell, and spaces at its ends, survive only in quotes in some readers.
    quoted_match: /[\r\n]|^\s|\s$/,
  });
  pipeline(Readable.from(records), text, () => {});
  for await (const chunk of text as AsyncIterable<Buffer | string>) yield chunk.toString();
}
