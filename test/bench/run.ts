// `npm run bench [-- name… --rows n]`: benchmarks against the bare alternative in the same run. Prints figures, fails
// nothing: times on a busy machine are no test.
import { parseArgs } from 'node:util';
import { benchHolds } from './holds.ts';
import { benchImport } from './import.ts';
import { benchValidate } from './validate.ts';

const { positionals: names, values } = parseArgs({
  allowPositionals: true,
  options: {
    'dry-rows': { type: 'string', default: '1000000' },
    rows: { type: 'string', default: '100000' },
    'email-rows': { type: 'string', default: '20000' },
  },
});
const sizes = {
  dryRows: Number(values['dry-rows']),
  rows: Number(values.rows),
  emailRows: Number(values['email-rows']),
};
const BENCHES: Readonly<Record<string, () => Promise<void>>> = {
  validate: benchValidate,
  holds: benchHolds,
  import: async () => benchImport(sizes),
};

for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
  const bench = BENCHES[name];
  if (bench === undefined)
    throw new Error(`no such benchmark: ${name}; there are ${Object.keys(BENCHES)}`);
  console.log(`\n# ${name}`);
  await bench();
}
