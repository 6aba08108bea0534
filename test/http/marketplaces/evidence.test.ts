// The evidence of a sale: what it says of a sale that an outage let through, and that nobody can change it unnoticed.
import { execFile } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { verifyEvidence } from '../../../lib/adapters/verify-evidence.ts';
import type { Json } from '../../../lib/domain/marketplaces/evidence.ts';
import { createMarketplaceWorld } from '../../support/marketplace-world.ts';
import { createOutage } from '../../support/outage-sale.ts';

const world = await createMarketplaceWorld();
const { clock, marketplaces } = world;
const { event, gametime, sellLate, read } = await createOutage(world);
const HOLDS = '/v1/marketplaces/gametime/holds';
const MINUTE_MS = 60_000;

const outage = await sellLate('late-1');
const evidence = await read(outage.saleId);
const published = await marketplaces(`GET /v1/evidence-keys/${evidence.body.keyId}`);
const PUBLIC_KEY: string = published.body.publicKey;

describe('the evidence of a sale', () => {
  it('tells of an outage in order: held, extended, over, and sold too late', async () => {
    expect(evidence).toMatchObject({
      status: 200,
      body: {
        type: 'sale.evidence',
        saleId: outage.saleId,
        marketplace: 'gametime',
        marketplaceOrderId: 'order-late-1',
        status: 'UNAVAILABLE',
        attention: 'HOLD_EXPIRED',
        timeline: [
          { kind: 'RECEIVED', what: 'hold.placed' },
          { kind: 'DECIDED', what: 'EXTENDED', detail: `until ${outage.expiresAt}` },
          { kind: 'DECIDED', what: 'EXPIRED', at: outage.expiresAt },
          {
            kind: 'RECEIVED',
            what: 'hold.invoiced',
            payloadDigest: createHash('sha256').update(outage.text).digest('hex'),
          },
          { kind: 'DECIDED', what: 'UNAVAILABLE', detail: 'HOLD_EXPIRED' },
        ],
      },
    });
  });

  it('names neither the buyer nor a barcode', () => {
    const text = JSON.stringify(evidence.body);
    expect(text).not.toMatch(/Eve|eve\.evidence/);
    expect(text).not.toContain(outage.barcode);
  });

  it('is that of a confirmed sale, too, and the same however often it is asked for', async () => {
    const tickets = await world.importSeats(event, 1);
    const { body } = await world.offer(tickets.map(({ eventTicketId }) => eventTicketId));
    const asked = { holdRequestId: 'sold-1', listingId: body.listingId, quantity: 1 };
    await marketplaces(`POST ${HOLDS}`, { key: gametime, body: asked });
    clock.nowMs += MINUTE_MS;
    const sold = await marketplaces(`POST ${HOLDS}/sold-1/invoice`, {
      key: gametime,
      body: { marketplaceOrderId: 'order-sold-1' },
    });
    const first = await read(sold.body.saleId);
    expect(first.body.timeline.map(({ what }: { what: string }) => what)).toEqual([
      'hold.placed',
      'HELD',
      'hold.invoiced',
      'CONFIRMED',
    ]);
    expect((await read(sold.body.saleId)).body).toEqual(first.body);
  });

  it('is answered like an unknown sale to another organization', async () => {
    const other = await world.newOrganization();
    const unknown = await read(`sal_${'0'.repeat(26)}`, other.key);
    const foreign = await read(outage.saleId, other.key);
    expect([foreign.status, unknown.status]).toEqual([404, 404]);
    const { instance: _one, ...body } = foreign.body;
    const { instance: _two, ...same } = unknown.body;
    expect(body).toEqual(same);
  });

  it('is signed by a key that anybody can read, and that no rotation changes', async () => {
    expect(published.body).toEqual({
      keyId: evidence.body.keyId,
      algorithm: 'Ed25519',
      publicKey: PUBLIC_KEY,
    });
    const made = await world.post('/v1/keys', { scope: 'organizer' });
    const rotated = await world.post(`/v1/keys/${made.body.keyId}/rotate`);
    const later = await read(outage.saleId, rotated.body.key);
    expect(verifyEvidence(JSON.stringify(later.body), PUBLIC_KEY)).toMatchObject({ ok: true });
    const [organizationId, fingerprint] = String(evidence.body.keyId).split('.');
    for (const keyId of [`${organizationId}.${'x'.repeat(22)}`, `org_no.${fingerprint}`, 'x']) {
      expect((await marketplaces(`GET /v1/evidence-keys/${keyId}`)).status).toBe(404);
    }
  });
});

/** Every place in it that says something. */
function toPlaces(value: Json, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== 'object') return [[...path]];
  const inner = Object.entries(value).flatMap(([name, each]) =>
    toPlaces(each, [...path, Array.isArray(value) ? Number(name) : name]),
  );
  return [...(path.length > 0 ? [[...path]] : []), ...inner];
}

function change(text: string, path: readonly (string | number)[], how: number, junk: string) {
  const body = JSON.parse(text);
  const last = path.at(-1) ?? '';
  const parent = path.slice(0, -1).reduce((at, step) => at[step], body);
  const own = parent[last];
  if (how === 0 && Array.isArray(parent)) parent.splice(Number(last), 1);
  else if (how === 0) delete parent[last];
  else if (how === 1 && Array.isArray(parent)) parent.push(own);
  else if (how === 1) parent[`${last}${junk}`] = own;
  else if (typeof own === 'string') parent[last] = own.slice(0, -1) + junk;
  else parent[last] = typeof own === 'number' ? own + 1 : [own];
  return JSON.stringify(body);
}

const shuffle = (value: Json): Json => {
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(shuffle);
  const fields = Object.entries(value as Record<string, Json>).toReversed();
  return Object.fromEntries(fields.map(([name, each]) => [name, shuffle(each)]));
};

describe('a signature', () => {
  const text = JSON.stringify(evidence.body);

  it('outlives any way of printing', () => {
    const printed = [
      JSON.stringify(evidence.body, undefined, 4),
      JSON.stringify(shuffle(evidence.body)),
      text.replaceAll(/[.:-]/g, (sign) => (/[.]/.test(sign) ? '\\u002e' : sign)),
      `\n ${text.replaceAll('","', '" ,\r\n\t"')} `,
    ];
    for (const each of printed)
      expect(verifyEvidence(each, PUBLIC_KEY)).toMatchObject({ ok: true });
  });

  it('is broken by any change of what is said', () => {
    const places = toPlaces(evidence.body);
    const junk = fc.string({ minLength: 1 }).filter((each) => !text.includes(each));
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.nat(2), junk, (path, how, more) => {
        const changed = change(text, path, how, more);
        expect(verifyEvidence(changed, PUBLIC_KEY), changed).toMatchObject({ ok: false });
      }),
      { numRuns: 400 },
    );
  });

  it('is broken by another order of the timeline, and by a field that stands there twice', () => {
    const { timeline, ...rest } = evidence.body;
    const turned = JSON.stringify({ ...rest, timeline: timeline.toReversed() });
    expect(verifyEvidence(turned, PUBLIC_KEY)).toEqual({
      ok: false,
      why: 'it was changed after it was signed',
    });
    const twice = text.replace('{', '{"status":"CONFIRMED",');
    expect(verifyEvidence(twice, PUBLIC_KEY)).toEqual({
      ok: false,
      why: 'a field stands there twice',
    });
  });

  it('isn’t that of another key, whatever id the evidence names', async () => {
    const { publicKey } = generateKeyPairSync('ed25519');
    const foreign = String(publicKey.export({ format: 'pem', type: 'spki' }));
    expect(verifyEvidence(text, foreign)).toMatchObject({ why: /^it is signed by another key/ });
    const theirs = await world.newOrganization();
    const hash = createHash('sha256').update(publicKey.export({ format: 'der', type: 'spki' }));
    const keyId = `${theirs.organizationId}.${hash.digest('base64url').slice(0, 22)}`;
    const claimed = JSON.stringify({ ...evidence.body, keyId });
    expect(verifyEvidence(claimed, foreign)).toMatchObject({
      why: 'it was changed after it was signed',
    });
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).publicKey;
    expect(verifyEvidence(text, String(rsa.export({ format: 'pem', type: 'spki' })))).toMatchObject(
      {
        why: 'the key is not an Ed25519 public key',
      },
    );
  });
});

describe('npm run verify-evidence', () => {
  const run = async (...args: string[]) =>
    new Promise<{ code: number; out: string }>((resolve) => {
      const command = ['bin/verify-evidence.ts', ...args];
      const child = execFile(process.execPath, command, { env: {} }, (_error, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, out: `${stdout}${stderr}` }),
      );
    });

  it('says OK or what is wrong, from files alone', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'evidence-'));
    onTestFinished(async () => rm(folder, { recursive: true }));
    const at = (name: string): string => join(folder, name);
    const pem = `-----BEGIN PUBLIC KEY-----\n${PUBLIC_KEY}\n-----END PUBLIC KEY-----\n`;
    const changed = { ...evidence.body, status: 'CONFIRMED' };
    await Promise.all([
      writeFile(at('evidence.json'), JSON.stringify(evidence.body, undefined, 2)),
      writeFile(at('changed.json'), JSON.stringify(changed)),
      writeFile(at('key.pem'), pem),
      writeFile(at('key.json'), JSON.stringify(published.body)),
    ]);
    const [printed, file, answer, wrong, missing, usage] = await Promise.all([
      run(at('evidence.json'), '--key', PUBLIC_KEY),
      run(at('evidence.json'), '--key', at('key.pem')),
      run(at('evidence.json'), '--key', at('key.json')),
      run(at('changed.json'), '--key', at('key.pem')),
      run(at('none.json'), '--key', PUBLIC_KEY),
      run(at('evidence.json')),
    ]);
    for (const { code, out } of [printed, file, answer]) {
      expect(code, out).toBe(0);
      expect(out).toContain(`OK: signed by ${evidence.body.keyId}`);
    }
    expect(wrong).toMatchObject({ code: 1, out: /NOT GENUINE: it was changed/ });
    expect(missing.code).toBe(2);
    expect(usage).toMatchObject({ code: 2, out: /^Usage/ });
  });
});
