// Setting up and reading channels. A secret that a change doesn't name stays what it was.
import type { Marketplace } from '../../domain/access.ts';
import {
  AUTH_SECRETS,
  AUTO_REJECT_MINUTES_DEFAULT,
  type Channel,
  HOLD_MINUTES_DEFAULT,
  type InboundAuth,
  type Outbound,
} from '../../domain/marketplaces/channel.ts';
import { PROFILES } from '../../domain/marketplaces/registry.ts';
import type { Fault } from '../../domain/refusals.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import { changeUnlessGuarded, withoutAbsent } from '../change.ts';
import type { ChannelStore } from '../channel-ports.ts';
import { toNewId, toNewWebhookSecret } from '../ids.ts';
import type { OutboundHttp } from '../outbound-ports.ts';

export interface ChannelDeps {
  readonly channels: ChannelStore;
  readonly http: Pick<OutboundHttp, 'findFault'>;
}

type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };
/** As it is sent: of a mode some secrets, or none. */
type GivenAuth = InboundAuth extends infer A
  ? A extends { readonly mode: infer M }
    ? Given<Omit<A, 'mode'>> & { readonly mode: M }
    : never
  : never;

export interface ChannelSettings {
  readonly enabled: boolean;
  readonly auth?: GivenAuth | undefined;
  readonly holdMinutes?: number | undefined;
  readonly autoRejectAfterMinutes?: number | undefined;
  readonly feePercent?: number | undefined;
  readonly outbound?: { readonly url: string; readonly secret?: string | undefined } | undefined;
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
    const errors = [
      ...findAuthFaults(auth, marketplace),
      ...findOutboundFaults(deps, settings.outbound),
    ];
    if (errors.length > 0) return refuse('validation_failed', { errors });
    const outbound = toOutbound(settings.outbound, before?.outbound);
    const after = toChannel(input, { before, auth: auth as InboundAuth, outbound: outbound?.kept });
    const put = await deps.channels.put(before, after);
    if (!put.ok) return put;
    const { newSecret } = outbound ?? {};
    return ok({ channel: put.value, ...(newSecret === undefined ? {} : { newSecret }) });
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

/** What is not given is taken over from before, as long as the mode is the same. */
function toAuth(given: GivenAuth, before: InboundAuth | undefined): GivenAuth {
  const known = before?.mode === given.mode ? before : {};
  return { ...known, ...withoutAbsent(given) };
}

const AUTH_FIELDS: Readonly<Record<InboundAuth['mode'], readonly string[]>> = {
  ...AUTH_SECRETS,
  mercury: ['clientId', 'clientSecret', 'brokerId'],
};

function findAuthFaults(auth: GivenAuth, marketplace: Marketplace): readonly Fault[] {
  const { authModes } = PROFILES[marketplace];
  if (!authModes.includes(auth.mode)) {
    return [{ pointer: '/auth/mode', detail: `must be one of ${authModes.join(', ')}` }];
  }
  return AUTH_FIELDS[auth.mode]
    .filter((name) => !(name in auth))
    .map((name) => ({ pointer: `/auth/${name}`, detail: 'must be given' }));
}

function findOutboundFaults(
  { http }: ChannelDeps,
  outbound: ChannelSettings['outbound'],
): readonly Fault[] {
  const detail = outbound && http.findFault(outbound.url);
  return detail === undefined ? [] : [{ pointer: '/outbound/url', detail }];
}

/** Without a secret from outside there is one of ours, told once. */
function toOutbound(
  given: ChannelSettings['outbound'],
  before: Outbound | undefined,
): { readonly kept: Outbound; readonly newSecret?: string } | undefined {
  if (given === undefined) return undefined;
  const { url } = given;
  const known = given.secret ?? before?.secret;
  if (known !== undefined) return { kept: { url, secret: known } };
  const newSecret = toNewWebhookSecret();
  return { kept: { url, secret: newSecret }, newSecret };
}

export async function findChannel(
  { channels }: Pick<ChannelDeps, 'channels'>,
  organizationId: string,
  marketplace: Marketplace,
): Promise<Result<ToldChannel>> {
  const channel = await channels.find(organizationId, marketplace);
  return channel === undefined ? refuse('not_found') : ok({ channel });
}
