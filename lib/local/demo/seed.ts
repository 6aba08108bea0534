// The demo organization: made by the operator's own way, then filled through the API like any other.
import { randomUUID } from 'node:crypto';
import { assert } from '../../domain/assert.ts';
import type { Answer, Api } from './api.ts';
import type { Seed } from './demo-file.ts';
import { awaitAnswer, isAwaitingEnd, type UploadForm, uploadFile } from './upload.ts';

export interface SeedInput {
  readonly api: Api;
  /** Makes an organization and its first organizer key. */
  readonly createOrganization: (name: string) => Promise<{ organizationId: string; key: string }>;
  readonly sampleCsv: string;
  readonly nowMs: number;
}

export const SAMPLE_FILE = 'sample.csv';
const YEAR_MS = 365 * 24 * 3_600_000;

export async function seedDemo({
  api,
  createOrganization,
  sampleCsv,
  nowMs,
}: SeedInput): Promise<Seed> {
  const { organizationId, key } = await createOrganization('Demo Events');
  const post = async (
    path: string,
    body: unknown,
    status = 201,
  ): Promise<Record<string, unknown>> =>
    expectAnswer(`POST ${path}`, await api('POST', path, { key, body }), status);

  const event = await post('/v1/events', {
    eventUrl: 'demo-night',
    name: 'Demo Night',
    startsAt: new Date(nowMs).toISOString(),
    endsAt: new Date(nowMs + YEAR_MS).toISOString(),
    timezone: 'Europe/Amsterdam',
    currency: 'EUR',
    country: 'NL',
  });
  const eventId = String(event['eventId']);
  const [, , device] = await Promise.all([
    post(`/v1/events/${eventId}/ticket-types`, toType('Regular', 2500)),
    post(`/v1/events/${eventId}/ticket-types`, toType('VIP', 6000)),
    post('/v1/devices', { name: 'Main door', eventIds: [eventId] }),
  ]);
  await importSample({ api, key, eventId, sampleCsv });
  return {
    organizationId,
    keys: { organizer: key, device: String(device['key']) },
    eventId,
    eventUrl: String(event['eventUrl']),
  };
}

const toType = (name: string, amountMinor: number) => ({
  name,
  kind: 'single',
  price: { amountMinor, currency: 'EUR' },
});

interface SampleInput {
  readonly api: Api;
  readonly key: string;
  readonly eventId: string;
  readonly sampleCsv: string;
}

async function importSample({ api, key, eventId, sampleCsv }: SampleInput): Promise<void> {
  const path = `/v1/events/${eventId}/imports`;
  const body = { fileName: SAMPLE_FILE, overCapacity: 'enabled', autoStart: true };
  const started = expectAnswer(`POST ${path}`, await api('POST', path, { key, body }), 201);
  const uploaded = await uploadFile(started['upload'] as UploadForm, SAMPLE_FILE, sampleCsv);
  assert(uploaded.status < 300, `the upload of the sample was answered ${uploaded.status}`);
  const ended = await awaitAnswer(api, {
    path: `/v1/imports/${String(started['importId'])}`,
    key,
    isUnderWay: isAwaitingEnd,
  });
  const { status } = expectAnswer('the import of the sample', ended, 200);
  assert(status === 'COMPLETED', `the import of the sample ended as ${String(status)}`);
}

function expectAnswer(
  what: string,
  { status, body }: Answer,
  wanted: number,
): Record<string, unknown> {
  assert(status === wanted, `${what} was answered ${status}: ${JSON.stringify(body)}`);
  return body as Record<string, unknown>;
}

/** True when the keys of an earlier run still open the same event. */
export async function isSeedAlive(api: Api, { keys, eventId }: Seed): Promise<boolean> {
  const event = await api('GET', `/v1/events/${eventId}`, { key: keys.organizer });
  return (
    event.status === 200 && (await checkBarcode(api, { keys, eventId }, 'SEED')).status === 200
  );
}

export const checkBarcode = (
  api: Api,
  { keys, eventId }: Pick<Seed, 'keys' | 'eventId'>,
  barcode: string,
): Promise<Answer> =>
  api('POST', '/v1/validate', {
    key: keys.device,
    body: { scanId: randomUUID(), eventId, barcode, mode: 'check' },
  });
