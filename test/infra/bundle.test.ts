import { execFile } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { App, Stack } from 'aws-cdk-lib/core';
import { buildSync } from 'esbuild';
import { describe, expect, inject, it } from 'vitest';
import { createFontLoader } from '../../lib/adapters/ticket-pdf/load-font.ts';
import { FONT_FILES, type FontName } from '../../lib/adapters/ticket-pdf/font-files.ts';
import { bundledCode, type CodeOptions, toBuildOptions } from '../../lib/infra/code.ts';
import { createAppFunction } from '../../lib/infra/constructs/app-function.ts';
import { toStage } from '../../lib/infra/stages.ts';
import { validate } from '../../lib/http/routes/scans/validate.ts';
import { toEvent } from '../support/api.ts';
import { toAccessKeyId } from '../support/aws.ts';
import { aTicket, anEvent } from '../support/builders.ts';
import { createWorld } from '../support/world.ts';
import { createOutdir } from './synthesized.ts';

function bundle(entry: string, isSlim: boolean): string {
  const outfile = path.join(createOutdir(), 'index.js');
  buildSync({ ...toBuildOptions(entry, { isSlim }), outfile });
  return outfile;
}

/** In a folder without node_modules, as on Lambda's disk beside its runtime. */
async function call(
  outfile: string,
  event: unknown,
  variables: Readonly<Record<string, string>> = {},
): Promise<{ readonly statusCode: number; readonly body: string }> {
  const script = `require(${JSON.stringify(outfile)}).handler(${JSON.stringify(event)})
    .then((answer) => console.log(JSON.stringify(answer)))`;
  const options = { cwd: path.dirname(outfile), env: variables };
  const { stdout } = await promisify(execFile)(process.execPath, ['-e', script], options);
  // The last line; before it the function may have logged.
  return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
}

describe('a bundle', () => {
  it('of the door has at most 240 KB', () => {
    const size = statSync(bundle('functions/http/scans.ts', true)).size;
    expect(size).toBeLessThanOrEqual(240_000);
  });

  it('answers where no package is installed', async () => {
    const answer = await call(bundle('functions/http/public.ts', false), { requestContext: {} });
    expect(answer.statusCode).toBe(404);
  });

  it('of the door admits a ticket with the credentials that Lambda gives it, and names faults', async () => {
    const world = await createWorld();
    const { organizationId, key } = await world.newOrganization();
    const settings = { endsAt: '2100-01-01T00:00:00Z' };
    const event = await world.organizers('POST /v1/events', { key, body: anEvent(settings) });
    const { eventId } = event.body;
    const body = { name: 'Door', eventIds: [eventId] };
    const device = await world.organizers('POST /v1/devices', { key, body });
    const ticket = aTicket({ organizationId, eventId });
    await world.put(ticket);
    const outfile = bundle('functions/http/scans.ts', true);
    const scan = (question: unknown) =>
      call(
        outfile,
        toEvent(
          {
            method: 'POST',
            url: new URL('http://localhost/v1/validate'),
            call: { key: device.body.key, body: question },
          },
          validate,
          {},
        ),
        {
          TABLE_NAME: world.tableName,
          SCANS_QUEUE_URL: 'http://127.0.0.1:9/none',
          AWS_ENDPOINT_URL_DYNAMODB: inject('dynamoDbEndpoint'),
          AWS_REGION: 'eu-west-1',
          AWS_ACCESS_KEY_ID: toAccessKeyId(),
          AWS_SECRET_ACCESS_KEY: 'test',
        },
      );
    const admitted = await scan({ scanId: '1', eventId, barcode: ticket.barcode });
    expect(JSON.parse(admitted.body)).toMatchObject({ outcome: 'ADMITTED' });
    const faulty = await scan({ scanId: '1', eventId, mode: 'maybe' });
    expect(JSON.parse(faulty.body).errors).toEqual([
      { pointer: '/barcode', detail: 'must be of type string' },
      { pointer: '/mode', detail: 'must be one of admit, check' },
    ]);
  });
});

describe('the code of a deployed function', () => {
  const synthesize = (codeOptions: CodeOptions) => {
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
      codeOptions,
    });
    const { directory } = app.synth();
    return readdirSync(directory)
      .filter((name) => name.startsWith('asset.'))
      .map((name) => path.join(directory, name));
  };
  const toNames = (asset: string | undefined) => [
    path.basename(asset ?? ''),
    ...readdirSync(asset ?? ''),
  ];

  it('is an asset with nothing but the bundle in it, and the same each time', () => {
    const [asset, ...others] = synthesize({});
    expect(others).toEqual([]);
    expect(toNames(asset).slice(1)).toEqual(['index.js']);
    expect(synthesize({}).map(toNames)).toEqual([toNames(asset)]);
  });

  it('has the fonts that tickets are set in where they are looked for', async () => {
    const [asset = ''] = synthesize({ files: Object.values(FONT_FILES) });
    const loadFont = createFontLoader(asset);
    for (const name of Object.keys(FONT_FILES) as FontName[]) {
      expect((await loadFont(name)).length).toBeGreaterThan(10_000);
    }
  });
});
