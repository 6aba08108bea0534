// The door's bundle in a fresh process, beside a usual minified build of a function with the same client: size, and the
// time to load it and to construct the client. In turns, so that noise hits both alike.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { toBuildOptions } from '../../lib/infra/code.ts';
import { median } from './statistics.ts';

const RUNS = 31;

/** What the SDK's own examples show: the client, the document client, a command. */
const USUAL = `
  import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
  import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  export const handler = async (event) => client.send(new UpdateCommand(event));
`;

export async function benchFreshProcess(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'swapgate-bench-'));
  try {
    const ours = path.join(folder, 'ours.js');
    buildSync({ ...toBuildOptions('functions/http/scans.ts', { isSlim: true }), outfile: ours });
    const usual = path.join(folder, 'usual.js');
    buildSync({
      stdin: { contents: USUAL, resolveDir: process.cwd() },
      bundle: true,
      minify: true,
      platform: 'node',
      target: 'node24',
      outfile: usual,
    });
    const times = { ours: [] as number[], usual: [] as number[] };
    for (let run = 0; run < RUNS; run += 1) {
      times.usual.push(await load(folder, usual));
      times.ours.push(await load(folder, ours));
    }
    const kb = (file: string): string => `${(statSync(file).size / 1_000).toFixed(0)} KB`;
    console.log(`bundle: ${kb(ours)} minified, a usual SDK build ${kb(usual)}; bar 240 KB`);
    const [own, other] = [median(times.ours), median(times.usual)];
    console.log(
      `load and client in a fresh process: ${own.toFixed(1)} ms, a usual SDK build ${other.toFixed(1)} ms, ` +
        `ratio ${(own / other).toFixed(2)} (p50 of ${RUNS}); bar 0.6`,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function load(cwd: string, file: string): Promise<number> {
  const script = path.join(cwd, 'load.cjs');
  writeFileSync(
    script,
    'const start = performance.now(); require(process.argv[2]); console.log(performance.now() - start);',
  );
  const env = {
    TABLE_NAME: 'bench',
    SCANS_QUEUE_URL: 'http://127.0.0.1:9/bench',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
  };
  const { stdout } = await promisify(execFile)(process.execPath, [script, file], { cwd, env });
  return Number(stdout);
}
