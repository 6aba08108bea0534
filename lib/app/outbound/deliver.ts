// Tells a marketplace what its lane has to tell: one sender at a time, what is true at that moment, and with a number that
// grows, so that nothing older follows something newer. What is not taken is tried again by the plan, and in the end
// given up with an alarm.
import { createHash } from 'node:crypto';
import type { Channel, Outbound } from '../../domain/marketplaces/channel.ts';
import { toRetryWait } from '../../domain/marketplaces/retry-plan.ts';
import { signWebhook } from '../../domain/marketplaces/webhook-signature.ts';
import type { ChannelStore } from '../channel-ports.ts';
import type {
  DeliverMessage,
  Lane,
  LaneEnd,
  LaneIds,
  LaneStore,
  NativeTeller,
  OutboundHttp,
  OutboundMessage,
  OutboundOutcome,
  OutboundQueue,
} from '../outbound-ports.ts';
import type { Clock, Logger } from '../ports.ts';
import { findNews, type News, type NewsDeps } from './news.ts';

export interface DeliverDeps extends NewsDeps {
  readonly channels: Pick<ChannelStore, 'find'>;
  readonly lanes: Pick<LaneStore, 'load' | 'claim' | 'end'>;
  readonly queue: Pick<OutboundQueue, 'giveUp'>;
  readonly http: Pick<OutboundHttp, 'post'>;
  readonly native: NativeTeller;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Four times what a call may take: nobody takes over a lane whose sender still waits. */
const CLAIM_MS = 60_000;
/** Messages after each other while more and more is asked for; then the sweep goes on. */
const ROUNDS_MAX = 5;

/** Repeat-safe. Throws only when the table or the queue fails, never for what the other side does. */
export async function deliver(deps: DeliverDeps, message: DeliverMessage): Promise<void> {
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds += 1) {
    if ((await deliverOne(deps, message)) !== 'more') return;
  }
}

async function deliverOne(deps: DeliverDeps, message: DeliverMessage): Promise<'idle' | 'more'> {
  const { organizationId, marketplace, subject } = message;
  const ids = { organizationId, marketplace, subject };
  const lane = await deps.lanes.load(ids);
  if (lane === undefined || lane.asked <= lane.done) return 'idle';
  // Whoever sends looks again afterwards.
  if ((lane.claimedUntilMs ?? 0) > deps.clock()) return 'idle';
  const channel = await deps.channels.find(organizationId, marketplace);
  // Strictly after the lane: what changes from here on asks again.
  const news = await findNews(deps, ids, deps.clock());
  const next = toNext(lane, news);
  const claimed = await deps.lanes.claim(ids, lane, { ...next, untilMs: deps.clock() + CLAIM_MS });
  if (claimed === undefined) return 'more';
  const outcome = await send(deps, { ids, channel, news, sequence: next.sequence });
  const end = await toEnd(deps, { message, lane: claimed, outcome });
  const ended = await deps.lanes.end(ids, claimed, end);
  return ended === 'more' ? 'more' : 'idle';
}

/** The same message keeps its number until it was taken; every other has a new one. */
function toNext(
  { lastSent, digest: before, lastTaken }: Lane,
  { message }: News,
): { readonly sequence: number; readonly digest: string } {
  const digest = createHash('sha256').update(JSON.stringify(message)).digest('base64url');
  const isRetry = digest === before && lastTaken < lastSent;
  return { digest, sequence: isRetry ? lastSent : lastSent + 1 };
}

interface Send {
  readonly ids: LaneIds;
  readonly channel: Channel | undefined;
  readonly news: News;
  readonly sequence: number;
}

/** A channel that is off, or has no address, is told nothing and misses nothing. */
async function send(
  { http, native, clock }: DeliverDeps,
  { ids, channel, news, sequence }: Send,
): Promise<OutboundOutcome> {
  if (channel?.outbound === undefined || !channel.enabled) return { as: 'taken' };
  const outcome = await native.tell(channel, news.told);
  if (outcome !== undefined) return outcome;
  const { message } = news;
  return http.post(toRequest(channel.outbound, { ids, message, sequence, nowMs: clock() }));
}

function toRequest(
  { url, secret }: Outbound,
  {
    ids,
    message: { type, data },
    sequence,
    nowMs,
  }: {
    readonly ids: LaneIds;
    readonly message: OutboundMessage;
    readonly sequence: number;
    readonly nowMs: number;
  },
) {
  const timestamp = new Date(nowMs).toISOString();
  const body = JSON.stringify({ type, timestamp, data: { ...data, sequence } });
  const id = `msg_${ids.marketplace}_${ids.subject.id}_${sequence}`;
  const headers = { 'content-type': 'application/json', 'user-agent': 'Swapgate' };
  return { url, body, headers: { ...headers, ...signWebhook({ id, text: body, nowMs }, secret) } };
}

interface Ended {
  readonly message: DeliverMessage;
  readonly lane: Lane;
  readonly outcome: OutboundOutcome;
}

async function toEnd(deps: DeliverDeps, { message, lane, outcome }: Ended): Promise<LaneEnd> {
  if (outcome.as === 'taken') return outcome;
  const isPlanned = lane.failures === 0 || message.isScheduled === true;
  if (!isPlanned) return { as: 'early' };
  const failures = lane.failures + 1;
  const waitMs = outcome.as === 'refused' ? undefined : toRetryWait(failures);
  if (outcome.as === 'failed' && waitMs !== undefined) {
    const dueMs = deps.clock() + Math.max(waitMs, outcome.retryAfterMs ?? 0);
    return { as: 'failed', failures, dueMs };
  }
  await giveUp(deps, message);
  return { as: 'failed', failures: 0, dueMs: undefined };
}

/** First the dead letter: dying in between tells of it twice instead of never. */
async function giveUp({ queue, logger }: DeliverDeps, message: DeliverMessage): Promise<void> {
  const { organizationId, marketplace, subject } = message;
  await queue.giveUp({ type: 'outbound.deliver', organizationId, marketplace, subject });
  logger.error('marketplace not told', { organizationId, code: 'outbound_given_up' });
}
