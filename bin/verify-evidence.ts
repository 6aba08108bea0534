// Tells whether the evidence of a sale is genuine. Needs nothing but the file and the key: no network, no account of ours.
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { toText, verifyEvidence } from '../lib/adapters/verify-evidence.ts';

const USAGE = `Usage: npm run verify-evidence -- <file> --key <file, or the key itself>

  <file>   what GET /v1/sales/{saleId}/evidence answered, printed in any way
  --key    what GET /v1/evidence-keys/{keyId} answered, its publicKey, or a PEM file
`;

function main(): number {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { key: { type: 'string' } },
  });
  const [file] = positionals;
  const { key } = values;
  if (file === undefined || key === undefined || positionals.length > 1) {
    console.error(USAGE);
    return 2;
  }
  const verified = verifyEvidence(read(file), existsSync(key) ? read(key) : key);
  if (!verified.ok) {
    console.error(`NOT GENUINE: ${verified.why}`);
    return 1;
  }
  const { evidence } = verified;
  const [keyId, issuedAt, ...sale] = [
    'keyId',
    'issuedAt',
    'marketplace',
    'marketplaceOrderId',
    'saleId',
    'status',
  ].map((name) => toText(evidence[name]));
  console.log(`OK: signed by ${keyId} at ${issuedAt}\n${sale.join(' ')}`);
  return 0;
}

const read = (path: string): string => readFileSync(path, 'utf8');

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
