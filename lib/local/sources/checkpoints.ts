// How far each mapping has read its shards, kept in a file so that a restart goes on where the last run ended. A record
// may come twice after a crash, as with Lambda; none is left out.
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface Checkpoints {
  /** Sequence number of the last record that is done. */
  readonly find: (source: string, shardId: string) => string | undefined;
  readonly keep: (source: string, shardId: string, sequenceNumber: string) => void;
}

/** Without a file they live as long as the process. */
export function createCheckpoints(file: string | undefined): Checkpoints {
  const positions = file === undefined ? {} : read(file);
  const keyOf = (source: string, shardId: string): string => `${source} ${shardId}`;
  return {
    find: (source, shardId) => positions[keyOf(source, shardId)],
    keep: (source, shardId, sequenceNumber) => {
      positions[keyOf(source, shardId)] = sequenceNumber;
      if (file === undefined) return;
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.new`, JSON.stringify(positions));
      renameSync(`${file}.new`, file);
    },
  };
}

function read(file: string): Record<string, string> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  } catch {
    return {};
  }
}
