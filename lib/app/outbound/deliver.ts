// Tells a marketplace what its lane has to tell: one sender at a time, what is true at that moment, and with a number that
// grows, so that nothing older follows something newer. What is not taken is tried again by the plan, and in the end
// given up with an alarm.
import { createHash } from 'node:crypto';
import { toRetryWait } from '../../domain/marketplaces/retry-plan.ts';
import type { ChannelStore } from '../channel-ports.ts';
import type {
  DeliverMessage,
  Lane,
  LaneEnd,
  LaneIds,
  LaneStore,
  OutboundQueue,
} from '../outbound-ports.ts';
import type { Clock, Logger } from '../ports.ts';
import { type EndSaleDeps, lookInto, type SaleOutcome, settle } from './end-sale.ts';
import { findNews, type News, type NewsDeps } from './news.ts';
import { type SendDeps, sendNews } from './send-news.ts';

export interface DeliverDeps extends NewsDeps, SendDeps, EndSaleDeps {
  readonly channels: Pick<ChannelStore, 'find'>;
  readonly lanes: Pick<LaneStore, 'load' | 'claim' | 'end'>;
  readonly queue: Pick<OutboundQueue, 'giveUp'>;
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Four times what a call may take: nobody takes over a lane whose sender still waits. */
const CLAIM_MS = 60_000;
/** Messages after each other while more and more is asked for; then the sweep goes on. */
const ROUNDS_MAX = 5;

/** Repeat-safe. Throws only when the table or the queue fails, never for what the other side does. */
export async function deliver(deps: DeliverDeps, message: DeliverMessage): Promise<void> {
  const { isScheduled: _plan, ...unplanned } = message;
  for (let rounds = 0; rounds < ROUNDS_MAX; rounds += 1) {
    // The plan's attempt is one, whatever is told after it.
    if ((await deliverOne(deps, rounds === 0 ? message : unplanned)) !== 'more') return;
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
  const next = news && toNext(lane, news);
  if (news === undefined || next === undefined) return endUntold(deps, ids, lane);
  const now = await deps.lanes.claim(ids, lane, { ...next, untilMs: deps.clock() + CLAIM_MS });
  if (now === undefined) return 'more';
  // What was asked for since the lane was read may be missing in the news.
  const claimed = { ...now, asked: lane.asked };
  const sent = await sendNews(deps, { ids, channel, news, lane: claimed });
  const isRefusedSale = sent.as === 'refused' && news.decision !== undefined;
  const outcome = isRefusedSale ? await lookInto(deps, ids, news) : sent;
  const end = await toEnd(deps, { message, lane: claimed, outcome });
  await settle(deps, { ids, news, outcome, end });
  const ended = await deps.lanes.end(ids, claimed, end);
  return ended === 'more' ? 'more' : 'idle';
}

/** What was asked for needs no message any more. */
async function endUntold(
  { lanes }: DeliverDeps,
  ids: LaneIds,
  lane: Lane,
): Promise<'idle' | 'more'> {
  const ended = await lanes.end(ids, lane, { as: 'taken' });
  return ended === 'idle' ? 'idle' : 'more';
}

/**
 * The same message keeps its number until it was taken; every other has a new one. Undefined: a decision that was told
 * before.
 */
function toNext(
  { lastSent, digest: before, lastTaken }: Lane,
  { message, decision }: News,
): { readonly sequence: number; readonly digest: string } | undefined {
  const said = decision === undefined ? message : [message, decision];
  const digest = createHash('sha256').update(JSON.stringify(said)).digest('base64url');
  const isSame = digest === before && lastSent > 0;
  if (isSame && lastTaken === lastSent && decision !== undefined) return undefined;
  return { digest, sequence: isSame && lastTaken < lastSent ? lastSent : lastSent + 1 };
}

interface Ended {
  readonly message: DeliverMessage;
  readonly lane: Lane;
  readonly outcome: SaleOutcome;
}

async function toEnd(deps: DeliverDeps, { message, lane, outcome }: Ended): Promise<LaneEnd> {
  if (outcome.as === 'taken' || outcome.as === 'over') return { as: 'taken' };
  const isPlanned = lane.failures === 0 || message.isScheduled === true;
  if (!isPlanned) return { as: 'early' };
  const failures = lane.failures + 1;
  const waitMs = outcome.as === 'refused' ? undefined : toRetryWait(failures);
  if (outcome.as === 'failed' && waitMs !== undefined) {
    const dueMs = deps.clock() + Math.max(waitMs, outcome.retryAfterMs ?? 0);
    return { as: 'failed', failures, dueMs };
  }
  await giveUp(deps, message);
  return { as: 'givenUp' };
}

/** First the dead letter: dying in between tells of it twice instead of never. */
async function giveUp({ queue, logger }: DeliverDeps, message: DeliverMessage): Promise<void> {
  const { organizationId, marketplace, subject } = message;
  await queue.giveUp({ type: 'outbound.deliver', organizationId, marketplace, subject });
  logger.error('marketplace not told', { organizationId, code: 'outbound_given_up' });
}
