// What the settings of a channel come to, and every fault in them. A secret that isn't given again stays what it was.
import type { Marketplace } from '../../domain/access.ts';
import {
  AUTH_SECRETS,
  type Credentials,
  type InboundAuth,
  type Outbound,
} from '../../domain/marketplaces/channel.ts';
import {
  CREDENTIAL_NAMES,
  type CredentialName,
  PROFILES,
} from '../../domain/marketplaces/registry.ts';
import type { Fault } from '../../domain/refusals.ts';
import { withoutAbsent } from '../change.ts';
import { toNewWebhookSecret } from '../ids.ts';
import type { OutboundHttp } from '../outbound-ports.ts';

type Given<T> = { readonly [K in keyof T]?: T[K] | undefined };
/** As it is sent: of a mode some secrets, or none. */
export type GivenAuth = InboundAuth extends infer A
  ? A extends { readonly mode: infer M }
    ? Given<Omit<A, 'mode'>> & { readonly mode: M }
    : never
  : never;

export interface GivenOutbound {
  readonly url: string;
  readonly secret?: string | undefined;
  readonly credentials?: Given<Credentials> | undefined;
}

/** What is not given is taken over from before, as long as the mode is the same. */
export function toAuth(given: GivenAuth, before: InboundAuth | undefined): GivenAuth {
  const { flow: _flow, ...known } = before?.mode === given.mode ? before : {};
  return { ...known, ...withoutAbsent(given) };
}

const AUTH_FIELDS: Readonly<Record<InboundAuth['mode'], readonly string[]>> = {
  ...AUTH_SECRETS,
  mercury: ['clientId', 'clientSecret', 'brokerId'],
};

export function findAuthFaults(auth: GivenAuth, marketplace: Marketplace): readonly Fault[] {
  const { authModes, hasClassicFlow } = PROFILES[marketplace];
  const flow =
    auth.flow === undefined || hasClassicFlow === true
      ? []
      : [{ pointer: '/auth/flow', detail: `is not a flow of ${marketplace}` }];
  if (!authModes.includes(auth.mode)) {
    return [{ pointer: '/auth/mode', detail: `must be one of ${authModes.join(', ')}` }, ...flow];
  }
  const missing = AUTH_FIELDS[auth.mode]
    .filter((name) => !(name in auth))
    .map((name) => ({ pointer: `/auth/${name}`, detail: 'must be given' }));
  return [...missing, ...flow];
}

/** Without a secret from outside there is one of ours, told once. */
export function toOutbound(
  given: GivenOutbound | undefined,
  before: Outbound | undefined,
  needed: readonly CredentialName[],
): { readonly kept: Outbound; readonly newSecret?: string } | undefined {
  if (given === undefined) return undefined;
  const { url } = given;
  const known = given.secret ?? before?.secret;
  const credentials = toCredentials(given, before, needed);
  const kept = {
    url,
    secret: known ?? toNewWebhookSecret(),
    ...(credentials === undefined ? {} : { credentials }),
  };
  return known === undefined ? { kept, newSecret: kept.secret } : { kept };
}

function toCredentials(
  given: GivenOutbound,
  before: Outbound | undefined,
  needed: readonly CredentialName[],
): Credentials | undefined {
  const all = { ...before?.credentials, ...withoutAbsent(given.credentials ?? {}) };
  const used = needed.flatMap((name) => (all[name] === undefined ? [] : [[name, all[name]]]));
  return used.length === 0 ? undefined : Object.fromEntries(used);
}

/** The credentials of a marketplace's own calls, for a channel that may make them. */
export function toNeeded(auth: GivenAuth, marketplace: Marketplace): readonly CredentialName[] {
  const { credentials = [], hasClassicFlow } = PROFILES[marketplace];
  return hasClassicFlow === true && auth.flow !== 'classic' ? [] : credentials;
}

export interface OutboundToCheck {
  readonly given: GivenOutbound | undefined;
  readonly kept: Outbound | undefined;
  readonly auth: GivenAuth;
  readonly needed: readonly CredentialName[];
}

export function findOutboundFaults(
  http: Pick<OutboundHttp, 'findFault'>,
  { given, kept, auth, needed }: OutboundToCheck,
): readonly Fault[] {
  if (given === undefined || kept === undefined) return [];
  const { url, credentials = {} } = kept;
  const unused = CREDENTIAL_NAMES.filter(
    (name) => given.credentials?.[name] !== undefined && !needed.includes(name),
  );
  // A classic flow has no other way to be told.
  const areAsked = Object.keys(credentials).length > 0 || auth.flow === 'classic';
  const missing = areAsked ? needed.filter((name) => credentials[name] === undefined) : [];
  return [
    ...toAddressFault(http, '/outbound/url', url),
    ...unused.map((name) => toFault(name, 'is not used by this channel')),
    ...missing.map((name) => toFault(name, 'must be given')),
    ...toAddressFault(http, '/outbound/credentials/tokenUrl', credentials.tokenUrl),
  ];
}

const toFault = (name: CredentialName, detail: string): Fault => ({
  pointer: `/outbound/credentials/${name}`,
  detail,
});

function toAddressFault(
  { findFault }: Pick<OutboundHttp, 'findFault'>,
  pointer: string,
  address: string | undefined,
): readonly Fault[] {
  const detail = address === undefined ? undefined : findFault(address);
  return detail === undefined ? [] : [{ pointer, detail }];
}
