// One attempt to tell a marketplace, by its own calls or in the canonical protocol. Of a sale it leaves its traces in the
// timeline: what was sent before it is sent, and what was answered.
import { createHash } from 'node:crypto';
import type { Channel, Outbound } from '../../domain/marketplaces/channel.ts';
import { signWebhook } from '../../domain/marketplaces/webhook-signature.ts';
import type {
  Lane,
  LaneIds,
  NativeTeller,
  OutboundHttp,
  OutboundOutcome,
} from '../outbound-ports.ts';
import type { Clock } from '../ports.ts';
import type { TimelineStore } from '../timeline-ports.ts';
import type { News } from './news.ts';

export interface SendDeps {
  readonly http: Pick<OutboundHttp, 'post'>;
  readonly native: NativeTeller;
  readonly timeline: Pick<TimelineStore, 'add'>;
  readonly clock: Clock;
}

interface Sending {
  readonly ids: LaneIds;
  readonly channel: Channel | undefined;
  readonly news: News;
  /** As it was claimed: its version is that of this attempt. */
  readonly lane: Lane;
}

/** A channel that is off, or has no address, is told nothing and misses nothing. */
export async function sendNews(deps: SendDeps, sending: Sending): Promise<OutboundOutcome> {
  const { channel, news } = sending;
  if (channel?.outbound === undefined || !channel.enabled) return { as: 'taken' };
  const request = toRequest(channel.outbound, sending, deps.clock());
  // In its own words it is not this body that goes there.
  const isCanonical = channel.outbound.credentials === undefined;
  await note(deps, sending, {
    kind: 'SENT',
    ...(isCanonical ? { payloadDigest: toDigest(request.body) } : {}),
  });
  const outcome = (await deps.native.tell(channel, news.told)) ?? (await deps.http.post(request));
  await note(deps, sending, { kind: 'ANSWERED', detail: outcome.as });
  return outcome;
}

const toDigest = (text: string): string => createHash('sha256').update(text).digest('hex');

function toRequest(
  { url, secret }: Outbound,
  { ids: { marketplace }, news: { aboutId, message }, lane: { lastSent: sequence } }: Sending,
  nowMs: number,
) {
  const { type, data } = message;
  const timestamp = new Date(nowMs).toISOString();
  const body = JSON.stringify({ type, timestamp, data: { ...data, sequence } });
  const id = `msg_${marketplace}_${aboutId}_${sequence}`;
  const headers = { 'content-type': 'application/json', 'user-agent': 'Swapgate' };
  return { url, body, headers: { ...headers, ...signWebhook({ id, text: body, nowMs }, secret) } };
}

async function note(
  { timeline, clock }: SendDeps,
  { ids: { organizationId, marketplace, subject }, news, lane }: Sending,
  entry: {
    readonly kind: 'SENT' | 'ANSWERED';
    readonly payloadDigest?: string;
    readonly detail?: string;
  },
): Promise<void> {
  if (news.decision === undefined) return;
  const entryId = `${entry.kind.toLowerCase()}-${lane.version}`;
  const ids = { organizationId, marketplace, marketplaceOrderId: subject.id };
  await timeline.add(ids, [{ entryId, what: news.message.type, atMs: clock(), ...entry }]);
}
