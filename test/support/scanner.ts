// A scanner that keeps a pack: as a device would write it, from the description in openapi.json.
import { createDecipheriv, hkdfSync, pbkdf2Sync } from 'node:crypto';
import type { Door } from './door.ts';
import type { World } from './world.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects of a body
type Body = any;

export interface Scanner {
  readonly entries: ReadonlyMap<string, Body>;
  readonly pages: readonly Body[];
  readonly page: () => Promise<Body>;
  /** Loads until the pack is complete. */
  readonly sync: () => Promise<void>;
  /** The entry of a barcode, with what it says of the holder opened. */
  readonly find: (barcode: string) => Body;
}

export function createScanner(
  world: Pick<World, 'door' | 'clock'>,
  { eventId, device }: Pick<Door, 'eventId'> & { readonly device: { readonly key: string } },
): Scanner {
  const entries = new Map<string, Body>();
  const pages: Body[] = [];
  let since: string | undefined;

  async function page(): Promise<Body> {
    const query = since === undefined ? '' : `?since=${since}`;
    const path = `/v1/events/${eventId}/scan-pack${query}` as const;
    const { status, body } = await world.door(`GET ${path}`, { key: device.key });
    if (status === 429) {
      world.clock.nowMs += 1_000;
      return page();
    }
    if (status !== 200) throw new Error(`no page but ${status}: ${JSON.stringify(body)}`);
    if (body.reset) entries.clear();
    for (const { hash, ...entry } of body.items) keep(entries, hash, entry);
    since = body.nextCursor;
    pages.push(body);
    return body;
  }

  return {
    entries,
    pages,
    page,
    async sync() {
      for (;;) if ((await page()).complete) return;
    },
    find(barcode) {
      const { salt, rounds } = pages.at(-1).hashing;
      for (const each of rounds) {
        const root = pbkdf2Sync(barcode, Buffer.from(salt, 'base64url'), each, 32, 'sha256');
        const derive = (use: string, bytes: number) =>
          Buffer.from(hkdfSync('sha256', root, '', `swapgate pack ${use}`, bytes));
        const entry = entries.get(derive('hash', 16).toString('base64url'));
        if (entry?.sealed === undefined) {
          if (entry !== undefined) return entry;
          continue;
        }
        return { ...entry, holder: open(entry.sealed, derive('seal', 32)) };
      }
      return undefined;
    },
  };
}

function keep(entries: Map<string, Body>, hash: string, entry: Body): void {
  if (entry.tombstone === 'REMOVED') entries.delete(hash);
  else entries.set(hash, entry);
}

function open(sealed: string, key: Buffer): unknown {
  const bytes = Buffer.from(sealed, 'base64url');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, 12));
  decipher.setAuthTag(bytes.subarray(-16));
  const text = Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
  return JSON.parse(text.toString('utf8'));
}
