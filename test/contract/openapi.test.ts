// The OpenAPI document: the committed one is current and lints; and a contract with everything in it shows that
// requests are described as sent and responses as answered, whichever zod they are written with.
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import * as mini from 'zod/mini';
import packageJson from '../../package.json' with { type: 'json' };
import type { Contract } from '../../lib/http/contract.ts';
import { CONTRACTS } from '../../lib/http/contracts.ts';
import { toOpenApi } from '../../lib/http/openapi.ts';
import { $NumericIdText, $PageQuery } from '../../lib/http/schemas.ts';

const base = { family: 'organizers', scope: 'organizer', refusals: [] } as const;
const change: Contract = {
  ...base,
  operationId: 'changeSeat',
  method: 'PATCH',
  path: '/v1/rows/{row}/seats/{seatId}',
  summary: 'Change a seat.',
  params: mini.strictObject({ row: $NumericIdText, seatId: mini.string() }),
  query: z.strictObject({
    notify: z
      .enum(['yes', 'no'])
      .transform((text) => text === 'yes')
      .optional(),
  }),
  body: z.strictObject({
    freeAt: z.iso.datetime().optional(),
    price: z.string().transform(Number),
    colour: z.string().default('red'),
  }),
  success: 200,
  response: mini.object({ seatId: mini.string(), version: mini.int() }),
  refusals: ['not_found', 'precondition_failed', 'sold_out', 'barcode_exists'],
};
const list: Contract = {
  ...base,
  operationId: 'listSeats',
  method: 'GET',
  path: '/v1/seats',
  summary: 'List seats.',
  query: $PageQuery,
  success: 200,
  response: z.object({ items: z.array(z.object({ seatId: z.string() }).meta({ id: 'Seat' })) }),
};
const download: Contract = {
  operationId: 'downloadSeats',
  method: 'GET',
  path: '/v1/seats.csv',
  family: 'public',
  scope: 'public',
  summary: 'Download seats.',
  success: 200,
  contentType: 'text/csv',
  refusals: [],
};
const remove: Contract = {
  ...base,
  operationId: 'removeSeat',
  method: 'DELETE',
  path: '/v1/seats',
  summary: 'Remove seats.',
  success: 204,
  idempotency: 'own',
};

const document = toOpenApi([change, list, download, remove], '1.0.0');
const paths = document.paths ?? {};
const changed = paths[change.path]?.patch;
const ref = (kind: string, name: string) => ({ $ref: `#/components/${kind}/${name}` });

describe('openapi.json', () => {
  it('is what `npm run openapi` writes', async () => {
    const committed: unknown = JSON.parse(await readFile('openapi.json', 'utf8'));
    expect(committed).toEqual(
      JSON.parse(JSON.stringify(toOpenApi(CONTRACTS, packageJson.version))),
    );
  });
  it('passes the linter', async () => {
    const redocly = join(process.cwd(), 'node_modules/@redocly/cli/bin/cli.js');
    const run = promisify(execFile)(
      process.execPath,
      [redocly, 'lint', 'openapi.json', '--config', '.redocly.yaml'],
      { env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' } },
    );
    await expect(run).resolves.toBeDefined();
  });
  it('does not depend on the order of the contracts', () => {
    const reversed = toOpenApi([remove, download, list, change], '1.0.0');
    expect(JSON.stringify(reversed)).toBe(JSON.stringify(document));
  });
});

describe('an operation', () => {
  it('has its id, tag and key', () => {
    expect(changed).toMatchObject({
      operationId: 'changeSeat',
      tags: ['organizers'],
      security: [{ key: [] }],
      description: 'Needs a key of scope organizer.',
    });
    expect(paths[download.path]?.get).toMatchObject({ tags: ['public'], security: [] });
  });
  it('describes parameters as they are sent', () => {
    expect(changed?.parameters).toEqual([
      {
        in: 'path',
        name: 'row',
        required: true,
        schema: { type: 'string', pattern: '^[1-9][0-9]{0,15}$' },
      },
      { in: 'path', name: 'seatId', required: true, schema: { type: 'string' } },
      { in: 'query', name: 'notify', schema: { type: 'string', enum: ['yes', 'no'] } },
      ref('parameters', 'IdempotencyKey'),
      ref('parameters', 'IfMatch'),
    ]);
  });
  it('describes the body as it is sent, and a time by its format alone', () => {
    expect(changed?.requestBody).toEqual({
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: {
              freeAt: { type: 'string', format: 'date-time' },
              price: { type: 'string' },
              colour: { type: 'string', default: 'red' },
            },
            required: ['price'],
            additionalProperties: false,
          },
        },
      },
    });
  });
  it('describes the answer, with the ETag of a thing that has a version', () => {
    expect(changed?.responses?.['200']).toMatchObject({
      headers: { ETag: ref('headers', 'ETag') },
      content: { 'application/json': { schema: { required: ['seatId', 'version'] } } },
    });
    expect(paths[list.path]?.get?.responses?.['200'].headers).not.toHaveProperty('ETag');
  });
  it('may answer a text, or nothing', () => {
    expect(paths[download.path]?.get?.responses?.['200'].content).toEqual({
      'text/csv': { schema: { type: 'string' } },
    });
    expect(paths[remove.path]?.delete?.responses?.['204']).not.toHaveProperty('content');
  });
  it('takes no Idempotency-Key when it brings its own', () =>
    expect(paths[remove.path]?.delete?.parameters).toEqual([]));
  it('shares schemas that have an id', () =>
    expect(document.components.schemas).toHaveProperty('Seat.properties.seatId'));
});

describe('the problems of an operation', () => {
  it('are its own and those of every route, by status', () => {
    const { 200: _success, ...problems } = changed?.responses ?? {};
    expect(Object.keys(problems)).toEqual(
      '400 401 403 404 409 412 413 415 422 429 500 503'.split(' '),
    );
    expect(problems['409']).toEqual(
      ref('responses', 'BarcodeExistsOrIdempotencyInFlightOrSoldOut'),
    );
  });
  it('name their codes', () => {
    const response = document.components.responses?.['BarcodeExistsOrIdempotencyInFlightOrSoldOut'];
    expect(response).toMatchObject({
      headers: { 'Retry-After': ref('headers', 'RetryAfter') },
      content: {
        'application/problem+json': {
          schema: {
            allOf: [
              ref('schemas', 'Problem'),
              {
                properties: {
                  code: { enum: ['barcode_exists', 'idempotency_in_flight', 'sold_out'] },
                },
              },
            ],
          },
        },
      },
    });
  });
  it('are few where no key is asked for', () =>
    expect(Object.keys(paths[download.path]?.get?.responses ?? {})).toEqual(
      '200 422 500 503'.split(' '),
    ));
});
