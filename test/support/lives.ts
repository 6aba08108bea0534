// Many processes in one, each of which dies at a call of its own to whatever is outside it: a campaign of thousands of
// deaths can't pay for a client, its sockets and a container each.
import { AsyncLocalStorage } from 'node:async_hooks';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { readOnce } from './read-once.ts';

/** A kill ends every later call too; a lost reply is one that fails although it was done. */
export const DEATH_MODES = ['killedBefore', 'killedAfter', 'lostReply'] as const;

export interface Death {
  /** The call, from 1, at which it happens; one that isn't reached never does. */
  readonly at: number;
  readonly mode: (typeof DEATH_MODES)[number];
}

export interface Life {
  readonly death?: Death;
  readonly nowMs: number;
}

interface Living extends Life {
  calls: number;
  isDead: boolean;
  readonly underWay: Set<Promise<unknown>>;
}

const lives = new AsyncLocalStorage<Living>();

/** A call out of the process that lives here; outside any it is just made. */
export async function reach<T>(call: () => Promise<T>): Promise<T> {
  const life = lives.getStore();
  if (life === undefined) return call();
  if (life.isDead) throw new Error('dead');
  life.calls += 1;
  const isHit = life.calls === life.death?.at;
  const mode = isHit ? life.death?.mode : undefined;
  life.isDead = mode === 'killedBefore' || mode === 'killedAfter';
  if (mode === 'killedBefore') throw new Error('killed before the call');
  const made = call();
  life.underWay.add(made);
  const answer = await made.finally(() => life.underWay.delete(made));
  if (isHit) throw new Error(mode);
  return answer;
}

/** Lives until what it had sent has arrived; answers its calls, and what came of it unless it threw. */
export async function live<T>(
  life: Life,
  run: () => Promise<T>,
): Promise<{ readonly calls: number; readonly value: T | undefined }> {
  const living: Living = { ...life, calls: 0, isDead: false, underWay: new Set() };
  const value = await lives.run(living, run).catch(() => undefined);
  while (living.underWay.size > 0) await Promise.allSettled(living.underWay);
  return { calls: living.calls, value: living.isDead ? undefined : value };
}

/** The clock of the process that lives here. */
export const toLifeClock = (elsewhere: () => number) => (): number =>
  lives.getStore()?.nowMs ?? elsewhere();

/** One client for all of them. What none of them writes is read once, and still is a call at which they can die. */
export function createLivesClient(client: DynamoDBClient): DynamoDBClient {
  client.middlewareStack.add((next) => async (args) => reach(async () => next(args)), {
    step: 'initialize',
    priority: 'high',
  });
  readOnce(client, FIXED);
  return client;
}

/** Keys, organizations, events, types, contacts and suppressed addresses. */
const FIXED = /^(KEY|ORG|URL|EVT|TYP|CON|SUP)#/;
