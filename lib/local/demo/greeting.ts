// What `npm start` prints when it is ready: keys, links, and lines that work as they are.
import { randomUUID } from 'node:crypto';
import { present } from '../../domain/assert.ts';
import type { Api } from './api.ts';
import type { Demo } from './demo-file.ts';
import { checkBarcode } from './seed.ts';

/** First barcode of the sample that would be let in now; after a restart some have been scanned already. */
export async function findFreshBarcode(api: Api, demo: Demo, sampleCsv: string): Promise<string> {
  const barcodes = toBarcodes(sampleCsv);
  for (const barcode of barcodes) {
    const { body } = await checkBarcode(api, demo, barcode);
    if ((body as { outcome?: string }).outcome === 'VALID') return barcode;
  }
  return present(barcodes[0], 'the sample has rows');
}

/**
 * The sample has its barcode first and no quotes.
 * @internal Exported for tests.
 */
export const toBarcodes = (sampleCsv: string): readonly string[] =>
  sampleCsv
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => present(line.split(',')[0], 'a row has a first cell'));

export function toGreeting(demo: Demo, barcode: string): string {
  const { baseUrl, inboxUrl, keys, eventId } = demo;
  const list = `curl -s '${baseUrl}/v1/events/${eventId}/tickets' -H 'authorization: Bearer ${keys.organizer}'`;
  const scan = (scanId: string): string =>
    `curl -s '${baseUrl}/v1/validate' -H 'authorization: Bearer ${keys.device}' ` +
    `-H 'content-type: application/json' -d '${JSON.stringify({ scanId, eventId, barcode })}'`;
  return `
Swapgate is ready.

  API       ${baseUrl}
  Docs      ${baseUrl}/docs
  Health    ${baseUrl}/v1/health
  Inbox     ${inboxUrl}

  Demo organization  ${demo.organizationId}
  Organizer key      ${keys.organizer}
  Device key         ${keys.device}
  Event              ${eventId} (${demo.eventUrl})

List the tickets that the sample import made:
${list}

Admit one of them:
${scan(randomUUID())}

Scan it a second time, which is refused and tells of the first scan:
${scan(randomUUID())}
`;
}
