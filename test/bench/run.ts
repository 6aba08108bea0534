// `npm run bench [-- name…]`: benchmarks against the bare alternative in the same run. Prints figures, fails nothing:
// times on a busy machine are no test.
import { benchValidate } from './validate.ts';

const BENCHES: Readonly<Record<string, () => Promise<void>>> = { validate: benchValidate };

const names = process.argv.slice(2);
for (const name of names.length > 0 ? names : Object.keys(BENCHES)) {
  const bench = BENCHES[name];
  if (bench === undefined)
    throw new Error(`no such benchmark: ${name}; there are ${Object.keys(BENCHES)}`);
  console.log(`\n# ${name}`);
  await bench();
}
