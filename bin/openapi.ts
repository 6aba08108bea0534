// Writes openapi.json from the route contracts; with --check it only tells whether the committed file is current.
import { readFile, writeFile } from 'node:fs/promises';
import packageJson from '../package.json' with { type: 'json' };
import { CONTRACTS } from '../lib/http/contracts.ts';
import { toOpenApi } from '../lib/http/openapi.ts';

const file = new URL('../openapi.json', import.meta.url);
const text = `${JSON.stringify(toOpenApi(CONTRACTS, packageJson.version), null, 2)}\n`;

if (process.argv.includes('--check')) {
  if ((await readFile(file, 'utf8')) !== text) {
    console.error('openapi.json differs from the contracts: run `npm run openapi` and commit it.');
    process.exitCode = 1;
  }
} else {
  await writeFile(file, text);
}
