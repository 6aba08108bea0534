// What the door refused: into the log and the counters, and devices that guess are slowed and locked.
import { decideGuessState } from '../../domain/guessing.ts';
import type { Logger } from '../ports.ts';
import type { GuessStore, ScanLogStore } from './attendance-ports.ts';
import type { ScanMessage } from './ports.ts';

export interface NoteDeps {
  readonly scanLog: Pick<ScanLogStore, 'appendRefusals'>;
  readonly guessStore: GuessStore;
  readonly logger: Logger;
}

export async function noteRefusals(
  { scanLog, guessStore, logger }: NoteDeps,
  messages: readonly ScanMessage[],
  nowMs: number,
): Promise<void> {
  for (const misses of await scanLog.appendRefusals(messages, nowMs)) {
    const { organizationId, deviceId } = misses;
    const state = await guessStore.find(organizationId, deviceId);
    if (state === undefined) continue;
    const next = decideGuessState(state, misses, nowMs);
    if (next === state) continue;
    await guessStore.put(organizationId, deviceId, next);
    const isLocked = (next.lockedUntilMs ?? 0) > nowMs;
    // An alarm counts these lines.
    const code = isLocked ? 'device_locked' : 'device_slowed';
    logger.info('device guesses barcodes', { code, organizationId, count: misses.inTenMinutes });
  }
}
