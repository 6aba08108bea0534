// Setting up and reading channels. A secret that a change doesn't name stays what it was.
import type { Marketplace } from '../../domain/access.ts';
import {
  AUTO_REJECT_MINUTES_DEFAULT,
  type Channel,
  HOLD_MINUTES_DEFAULT,
  type InboundAuth,
  makesCalls,
  type Outbound,
} from '../../domain/marketplaces/channel.ts';
import type { Circuit } from '../../domain/marketplaces/circuit.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { changeUnlessGuarded } from '../change.ts';
import type { ChannelStore } from '../channel-ports.ts';
import type { CallStore } from '../native-ports.ts';
import { toNewId } from '../ids.ts';
import type { OutboundHttp } from '../outbound-ports.ts';
import {
  findAuthFaults,
  findOutboundFaults,
  type GivenAuth,
  type GivenOutbound,
  toAuth,
  toNeeded,
  toOutbound,
} from './read-settings.ts';

export interface ChannelDeps {
  readonly channels: ChannelStore;
  readonly calls: Pick<CallStore, 'findCircuit' | 'listCircuits'>;
  readonly http: Pick<OutboundHttp, 'findFault'>;
}

export interface ChannelSettings {
  readonly enabled: boolean;
  readonly auth?: GivenAuth | undefined;
  readonly holdMinutes?: number | undefined;
  readonly autoRejectAfterMinutes?: number | undefined;
  readonly feePercent?: number | undefined;
  readonly outbound?: GivenOutbound | undefined;
}

export interface PutChannel {
  readonly organizationId: string;
  readonly marketplace: Marketplace;
  readonly settings: ChannelSettings;
  readonly ifMatch: number | undefined;
  readonly nowMs: number;
}

/** A channel as it is told: `newSecret` was made for it this very time. */
export interface ToldChannel {
  readonly channel: Channel;
  readonly newSecret?: string;
  /** Of one that makes native calls. */
  readonly circuit?: Circuit;
}

/**
 * Makes the channel, or replaces its settings. Refuses `precondition_failed`, and `validation_failed` for a way of proof
 * that the marketplace doesn't have, a secret that is missing, and an address that may not be called.
 */
export const putChannel = async (
  deps: ChannelDeps,
  input: PutChannel,
): Promise<Result<ToldChannel>> =>
  changeUnlessGuarded(input.ifMatch, async () => {
    const { organizationId, marketplace, settings, ifMatch } = input;
    const before = await deps.channels.find(organizationId, marketplace);
    if (ifMatch !== undefined && ifMatch !== before?.version) return refuse('precondition_failed');
    const auth = toAuth(settings.auth ?? before?.auth ?? { mode: 'key' }, before?.auth);
    const needed = toNeeded(auth, marketplace);
    const outbound = toOutbound(settings.outbound, before?.outbound, needed);
    const errors = [
      ...findAuthFaults(auth, marketplace),
      ...findOutboundFaults(deps.http, {
        given: settings.outbound,
        kept: outbound?.kept,
        auth,
        needed,
      }),
    ];
    if (errors.length > 0) return refuse('validation_failed', { errors });
    const after = toChannel(input, { before, auth: auth as InboundAuth, outbound: outbound?.kept });
    const put = await deps.channels.put(before, after);
    if (!put.ok) return put;
    const { newSecret } = outbound ?? {};
    const told = await toTold(deps, put.value);
    return ok({ ...told, ...(newSecret === undefined ? {} : { newSecret }) });
  });

function toChannel(
  { organizationId, marketplace, settings, nowMs }: PutChannel,
  {
    before,
    auth,
    outbound,
  }: {
    readonly before: Channel | undefined;
    readonly auth: InboundAuth;
    readonly outbound: Outbound | undefined;
  },
): Channel {
  return {
    organizationId,
    marketplace,
    channelId: before?.channelId ?? toNewId('channel', nowMs),
    enabled: settings.enabled,
    auth,
    holdMinutes: settings.holdMinutes ?? HOLD_MINUTES_DEFAULT,
    autoRejectAfterMinutes: settings.autoRejectAfterMinutes ?? AUTO_REJECT_MINUTES_DEFAULT,
    ...(settings.feePercent === undefined ? {} : { feePercent: settings.feePercent }),
    ...(outbound === undefined ? {} : { outbound }),
    createdAt: before?.createdAt ?? new Date(nowMs).toISOString(),
    version: (before?.version ?? 0) + 1,
  };
}

export async function findChannel(
  deps: Pick<ChannelDeps, 'channels' | 'calls'>,
  organizationId: string,
  marketplace: Marketplace,
): Promise<Result<ToldChannel>> {
  const channel = await deps.channels.find(organizationId, marketplace);
  return channel === undefined ? refuse('not_found') : ok(await toTold(deps, channel));
}

export async function listChannels(
  { channels, calls }: Pick<ChannelDeps, 'channels' | 'calls'>,
  organizationId: string,
): Promise<readonly ToldChannel[]> {
  const [found, circuits] = await Promise.all([
    channels.list(organizationId),
    calls.listCircuits(organizationId),
  ]);
  return found.map((channel) => withCircuit(channel, circuits.get(channel.marketplace)));
}

const toTold = async ({ calls }: Pick<ChannelDeps, 'calls'>, channel: Channel) =>
  withCircuit(channel, makesCalls(channel) ? await calls.findCircuit(channel) : undefined);

const withCircuit = (channel: Channel, circuit: Circuit = { failures: 0 }): ToldChannel =>
  makesCalls(channel) ? { channel, circuit } : { channel };
