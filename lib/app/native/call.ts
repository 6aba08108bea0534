// One call to a marketplace: one attempt, with its credentials, within its limits, and none at all while its circuit is
// open. Nothing is tried again here but a token that was refused.
import type { Channel, Credentials } from '../../domain/marketplaces/channel.ts';
import {
  type Circuit,
  FAILURES_MAX,
  isFault,
  OPEN_MS,
  PROBE_MS,
} from '../../domain/marketplaces/circuit.ts';
import type {
  CallMarketplace,
  CallResult,
  CallStore,
  MarketplaceHttp,
  MarketplaceReply,
} from '../native-ports.ts';
import type { Clock } from '../ports.ts';
import type {
  FindSaleFormat,
  MarketplaceCall,
  MarketplaceRequest,
  SaleFormat,
} from '../sale-format-ports.ts';
import { type AccessTokens, createAccessTokens } from './access-token.ts';

export interface CallDeps {
  readonly http: MarketplaceHttp;
  readonly calls: CallStore;
  readonly findSaleFormat: FindSaleFormat;
  readonly clock: Clock;
}

/** What a channel makes its calls with; undefined where it has none. */
export interface Native {
  readonly format: SaleFormat;
  readonly url: string;
  readonly credentials: Credentials;
}

export function toNative(
  { findSaleFormat }: Pick<CallDeps, 'findSaleFormat'>,
  channel: Channel | undefined,
): Native | undefined {
  const { url, credentials } = channel?.outbound ?? {};
  if (channel === undefined || url === undefined || credentials === undefined) return undefined;
  const format = findSaleFormat(channel);
  return format && { format, url, credentials };
}

/** Keeps access tokens in memory: one for each process. */
export function createCallMarketplace(deps: CallDeps): CallMarketplace {
  const tokens = createAccessTokens(deps);
  return async (channel, call) => {
    const native = toNative(deps, channel);
    if (native === undefined) throw new Error('a channel without credentials makes no calls');
    const circuit = (await deps.calls.findCircuit(channel)) ?? { failures: 0 };
    const waitMs = await findWait(deps, channel, { circuit, native, call });
    if (waitMs !== undefined) return { as: 'unanswered', retryAfterMs: waitMs };
    const reply = await send({ ...deps, tokens }, channel, { native, call });
    await note(deps, channel, { circuit, reply });
    return toResult(reply);
  };
}

interface Asked {
  readonly circuit: Circuit;
  readonly native: Native;
  readonly call: MarketplaceCall;
}

/** How long the call has to wait; undefined: it may be made now. */
async function findWait(
  { calls, clock }: CallDeps,
  channel: Channel,
  { circuit: { openUntilMs }, native: { format }, call }: Asked,
): Promise<number | undefined> {
  const nowMs = clock();
  if (openUntilMs !== undefined && openUntilMs > nowMs) return openUntilMs - nowMs;
  const limit = format.toLimit?.(call);
  if (limit && !(await calls.takeTurn(channel, limit, nowMs))) return limit.everyMs;
  if (openUntilMs === undefined) return undefined;
  const probe = { openUntilMs, nextMs: nowMs + PROBE_MS };
  return (await calls.claimProbe(channel, probe)) ? undefined : PROBE_MS;
}

async function send(
  { http, tokens }: CallDeps & { readonly tokens: AccessTokens },
  channel: Channel,
  { native, call }: Omit<Asked, 'circuit'>,
): Promise<MarketplaceReply | undefined> {
  const { format, credentials } = native;
  const request = toRequest(native, call);
  const { tokenScopes: scopes } = format;
  if (scopes === undefined) {
    return http.call(format.authorize(request, { credentials, accessToken: undefined }));
  }
  const want = { credentials, scopes };
  const first = await tokens.get(channel, want);
  if (typeof first !== 'string') return first;
  const reply = await http.call(format.authorize(request, { credentials, accessToken: first }));
  if (reply?.status !== 401) return reply;
  const second = await tokens.get(channel, { ...want, refused: first });
  if (typeof second !== 'string') return second;
  return http.call(format.authorize(request, { credentials, accessToken: second }));
}

function toRequest({ url: base }: Native, call: MarketplaceCall): MarketplaceRequest {
  const url = new URL(base);
  url.pathname = url.pathname.replace(/\/$/, '') + call.path;
  for (const [name, value] of Object.entries(call.query ?? {})) url.searchParams.set(name, value);
  return {
    method: call.method,
    url,
    headers: {
      'user-agent': 'Swapgate',
      ...(call.contentType === undefined ? {} : { 'content-type': call.contentType }),
    },
    ...(call.body === undefined ? {} : { body: call.body }),
  };
}

async function note(
  { calls, clock }: CallDeps,
  channel: Channel,
  { circuit, reply }: { readonly circuit: Circuit; readonly reply: MarketplaceReply | undefined },
): Promise<void> {
  // A limit says nothing of the other side's health.
  if (reply?.status === 429) return;
  if (isFault(reply?.status)) {
    const failures = await calls.countFailure(channel);
    if (failures >= FAILURES_MAX) await calls.open(channel, clock() + OPEN_MS);
  } else if (circuit.failures > 0) await calls.close(channel);
}

const toResult = (reply: MarketplaceReply | undefined): CallResult =>
  reply === undefined ? { as: 'unanswered' } : { as: 'answered', answer: reply };
