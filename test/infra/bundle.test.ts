import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { App, Stack } from 'aws-cdk-lib/core';
import { buildSync } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { bundledCode, toBuildOptions } from '../../lib/infra/code.ts';
import { createAppFunction } from '../../lib/infra/constructs/app-function.ts';
import { toStage } from '../../lib/infra/stages.ts';
import { createOutdir } from './synthesized.ts';

const KB = 1_024;

function bundle(entry: string, isSlim: boolean): string {
  const outfile = path.join(createOutdir(), 'index.js');
  buildSync({ ...toBuildOptions(entry, { isSlim }), outfile });
  return outfile;
}

/** In a folder without node_modules, as on Lambda's disk beside its runtime. */
async function call(outfile: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const script = `require(${JSON.stringify(outfile)}).handler({ requestContext: {} })
    .then((answer) => console.log(JSON.stringify(answer)))`;
  const options = { cwd: path.dirname(outfile), env: variables };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], options);
  return stdout.trim();
}

describe('a bundle', () => {
  it.each([
    ['functions/http/public.ts', 240],
    ['test/infra/fixtures/table-client.ts', 215],
  ])('of %s without unused credential providers has at most %i KB', (entry, kbMax) => {
    expect(statSync(bundle(entry, true)).size).toBeLessThanOrEqual(kbMax * KB);
  });

  it('answers where no package is installed', async () => {
    const answer = JSON.parse(await call(bundle('functions/http/public.ts', false), {}));
    expect(answer.statusCode).toBe(404);
  });

  it('finds the credentials that Lambda gives it, without the other providers', async () => {
    const outfile = bundle('test/infra/fixtures/table-client.ts', true);
    // Compared as a claim, so that a failure does not print the bundle.
    expect(readFileSync(outfile, 'utf8').includes('"@aws-sdk/credential-provider-sso"')).toBe(true);
    const answer = await call(outfile, {
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'from-lambda',
      AWS_SECRET_ACCESS_KEY: 'secret',
    });
    expect(JSON.parse(answer)).toEqual({ accessKeyId: 'from-lambda', commands: 3 });
  });
});

describe('the code of a deployed function', () => {
  it('is an asset with nothing but the bundle in it, and the same each time', () => {
    const synthesize = () => {
      const app = new App({ outdir: createOutdir() });
      const stack = new Stack(app, 'stack');
      createAppFunction(stack, 'public', {
        stage: toStage('prod'),
        code: bundledCode,
        entry: 'functions/http/public.ts',
        description: 'Any.',
        impact: 'None.',
        memoryMb: 512,
        timeoutSeconds: 10,
        environment: {},
      });
      const { directory } = app.synth();
      return readdirSync(directory)
        .filter((name) => name.startsWith('asset.'))
        .map((name) => [name, ...readdirSync(path.join(directory, name))]);
    };
    const [asset, ...others] = synthesize();
    expect(others).toEqual([]);
    expect(asset?.slice(1)).toEqual(['index.js']);
    expect(synthesize()).toEqual([asset]);
  });
});
