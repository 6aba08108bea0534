// One step of the story that `npm run demo` plays: a question to the system and the answer it has to give.
import { randomUUID } from 'node:crypto';
import type { Answer, Api } from '../api.ts';

export interface Story {
  readonly api: Api;
  readonly inboxUrl: string;
  readonly organizerKey: string;
  /** Different in each run, so that the story can be told again and again. */
  readonly eventId: string;
  readonly ticketTypeIds: { readonly regular: number; readonly vip: number };
  readonly tickets: StoryTickets;
  readonly scanIds: { readonly first: string; readonly second: string };
  /** What earlier answers told. */
  readonly learned: Map<string, unknown>;
}

export interface StoryTickets {
  /** Starts with a space, then zeros: what spreadsheets like to lose. */
  readonly spaced: string;
  readonly zeros: string;
  readonly quoted: string;
  readonly plain: string;
  readonly unknown: string;
}

export interface Step {
  readonly title: string;
  readonly ask: (story: Story) => Promise<Answer>;
  readonly status: number;
  readonly body: (story: Story) => unknown;
  /** Keeps what later steps need from a right answer. */
  readonly learn?: (story: Story, body: Record<string, unknown>) => void;
}

export function createStory(given: Pick<Story, 'api' | 'inboxUrl' | 'organizerKey'>): Story {
  const run = randomUUID().replaceAll('-', '').slice(0, 12);
  // Digits only, as printed codes often are.
  const digits = BigInt(`0x${run}`).toString().padStart(15, '0');
  const typeId = Date.now() * 1000;
  return {
    ...given,
    eventId: `story-${run}`,
    ticketTypeIds: { regular: typeId + 1, vip: typeId + 2 },
    tickets: {
      spaced: ` 00${digits}`,
      zeros: `000${digits.slice(1)}7`,
      quoted: `Q,"${digits}"`,
      plain: `STORY-${run}`,
      unknown: `NOBODY-${run}`,
    },
    scanIds: { first: randomUUID(), second: randomUUID() },
    learned: new Map(),
  };
}

export function recall<T>({ learned }: Story, name: string): T {
  if (!learned.has(name)) throw new Error(`no step before this one learned ${name}`);
  return learned.get(name) as T;
}
