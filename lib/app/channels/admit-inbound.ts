// From a call at a channel's address to an actor: the organization and the marketplace come from the channel, and whether
// it is that marketplace is proved as the channel's settings say.
import { createHash } from 'node:crypto';
import type { Actor } from '../../domain/access.ts';
import { isOwnKey } from '../../domain/api-key.ts';
import { type Proof, verifyInbound } from '../../domain/marketplaces/verify-inbound.ts';
import { type Channel, isClassic } from '../../domain/marketplaces/channel.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { ChannelStore, DeliveryMemory, InboundRequest } from '../channel-ports.ts';
import type { Access } from '../ports.ts';

export interface AdmitDeps {
  readonly access: Access;
  readonly channels: Pick<ChannelStore, 'findById'>;
  readonly deliveries: DeliveryMemory;
}

/**
 * An unknown channel and one that somebody else has get the same answer, whatever the caller shows: with a key of ours
 * `not_found`, else `unauthorized`. A proof that was here before is `replayed`.
 */
export async function admitInbound(
  deps: AdmitDeps,
  request: InboundRequest,
): Promise<Result<Actor>> {
  const { call, nowMs } = request;
  const authorization = call.headers['authorization'];
  if (isOwnKey(authorization)) return admitByKey(deps, request, authorization);
  const channel = await find(deps, request);
  const proof = channel && verifyInbound(channel.auth, call, nowMs);
  if (channel === undefined || proof === undefined) return refuse('unauthorized');
  if (request.isRemembered && (await isReplayed(deps, proof, request))) return refuse('replayed');
  return ok(toActor(channel));
}

/** What has not the form of an id may be of any length. */
const CHANNEL_ID = /^chn_[0-9A-Z]{26}$/;
const find = async ({ channels }: AdmitDeps, { channelId }: InboundRequest) =>
  CHANNEL_ID.test(channelId) ? channels.findById(channelId) : undefined;

async function admitByKey(
  deps: AdmitDeps,
  request: InboundRequest,
  authorization: string | undefined,
): Promise<Result<Actor>> {
  const authenticated = await deps.access.authenticate(authorization, request.nowMs);
  if (!authenticated.ok) return authenticated;
  const { value: actor } = authenticated;
  if (actor.scope !== 'marketplace') return refuse('forbidden');
  const channel = await find(deps, request);
  const isTheirs =
    channel?.organizationId === actor.organizationId && channel.marketplace === actor.marketplace;
  if (channel === undefined || !isTheirs) return refuse('not_found');
  return channel.auth.mode === 'key' ? ok(toActor(channel)) : refuse('unauthorized');
}

/** The limits of the pipeline count for each channel. */
const toActor = (channel: Channel): Actor => ({
  organizationId: channel.organizationId,
  keyId: channel.channelId,
  scope: 'marketplace',
  marketplace: channel.marketplace,
  ...(isClassic(channel) ? { isClassic: true } : {}),
});

async function isReplayed(
  { deliveries }: AdmitDeps,
  { delivery }: Proof,
  { channelId, call, requestId: claimant, nowMs }: InboundRequest,
): Promise<boolean> {
  if (delivery === undefined) return false;
  const { id, attempt, content } = delivery;
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([call.method, call.path, call.query, content]))
    .digest('base64url');
  return !(await deliveries.remember({ channelId, id, attempt, fingerprint, claimant }, nowMs));
}
