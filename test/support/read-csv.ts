import { readCsv } from '../../lib/adapters/csv-reader.ts';

/** The records of a CSV that we wrote. */
export async function parseCsv(file: Buffer): Promise<(readonly string[])[]> {
  const source = async function* () {
    yield file;
  };
  const records: (readonly string[])[] = [];
  for await (const record of readCsv(source(), { encoding: 'utf-8', delimiter: ',' })) {
    records.push(record);
  }
  return records;
}
