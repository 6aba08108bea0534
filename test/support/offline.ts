// Syncing offline scans, as a scanner does.
import type { Reentry } from '../../lib/domain/event.ts';
import type { Device, Door } from './door.ts';
import type { Reply } from './api.ts';
import type { World } from './world.ts';

const MINUTE_MS = 60_000;
let made = 0;

export const iso = (atMs: number): string => new Date(atMs).toISOString();

// oxlint-disable-next-line typescript/no-explicit-any -- a test says what it expects of a body
type Body = any;

export interface Offline {
  /** `minutes` before now by a clock that is right unless `sync` says otherwise. */
  readonly aScan: (
    door: Door,
    minutes: number,
    overrides?: Record<string, unknown>,
  ) => Record<string, unknown> & { readonly scanId: string; readonly scannedAt: string };
  readonly sync: (device: Device, scans: readonly unknown[], skewMs?: number) => Promise<Reply>;
  readonly results: (device: Device, scans: readonly unknown[], skewMs?: number) => Promise<Body[]>;
  readonly clashes: (door: Door) => Promise<Body[]>;
}

export function goOffline(world: World): Offline {
  const sync: Offline['sync'] = async (device, scans, skewMs = 0) =>
    world.door('POST /v1/validate/batch', {
      key: device.key,
      body: { deviceNow: iso(world.clock.nowMs + skewMs), scans },
    });
  return {
    sync,
    aScan: (door, minutes, overrides = {}) => ({
      scanId: `scan-${(made += 1)}`,
      eventId: door.eventId,
      barcode: door.ticket.barcode,
      scannedAt: iso(world.clock.nowMs - minutes * MINUTE_MS),
      offlineOutcome: 'ADMITTED',
      ...overrides,
    }),
    results: async (...input) => (await sync(...input)).body.results,
    clashes: async (door) =>
      (await world.door(`GET /v1/events/${door.eventId}/clashes`, { key: door.organizer })).body
        .items,
  };
}

/** A scan that let somebody pass. */
export interface Passed {
  readonly device: Device;
  readonly scan: ReturnType<Offline['aScan']>;
  readonly isEntry: boolean;
}

/** Entries that came on top of another one, by the whole order of time. */
export function countExtra(passes: readonly Passed[], reentry: Reentry): number {
  let [extra, isOpen] = [0, false];
  for (const { isEntry } of passes) {
    if (isEntry && isOpen && reentry !== 'always') extra += 1;
    if (isEntry) isOpen = true;
    else if (reentry === 'afterExit') isOpen = false;
  }
  return extra;
}
