// Access tokens by OAuth2 for client credentials (RFC 6749, section 4.4): kept in memory and in the table until shortly
// before their end, and got anew when one is refused.
import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import type { Channel, Credentials } from '../../domain/marketplaces/channel.ts';
import type { AccessToken, CallStore, MarketplaceHttp, MarketplaceReply } from '../native-ports.ts';
import type { Clock } from '../ports.ts';

/** A call that begins now must not end after its token. */
const MARGIN_MS = 60_000;
/** Where the answer doesn't say: StubHub's last about an hour. */
const EXPIRES_SECONDS_DEFAULT = 600;

const $Token = z.object({
  access_token: z.string().check(z.minLength(1)),
  expires_in: z.optional(z.coerce.number().check(z.positive())),
});

export interface TokenDeps {
  readonly http: MarketplaceHttp;
  readonly calls: Pick<CallStore, 'findToken' | 'keepToken'>;
  readonly clock: Clock;
}

interface Wanted {
  readonly credentials: Credentials;
  readonly scopes: string;
  /** A token that the marketplace did not take. */
  readonly refused?: string;
}

export interface AccessTokens {
  /** The token, or what the token's address answered instead. */
  readonly get: (
    channel: Channel,
    wanted: Wanted,
  ) => Promise<string | MarketplaceReply | undefined>;
}

export function createAccessTokens(deps: TokenDeps): AccessTokens {
  const kept = new Map<string, AccessToken>();
  return {
    async get(channel, wanted) {
      const of = toDigest(wanted);
      const isGood = (found: AccessToken | undefined): found is AccessToken =>
        found?.of === of &&
        found.token !== wanted.refused &&
        found.expiresAtMs - MARGIN_MS > deps.clock();
      const own = kept.get(channel.channelId);
      if (isGood(own)) return own.token;
      const shared = await deps.calls.findToken(channel);
      if (isGood(shared)) {
        kept.set(channel.channelId, shared);
        return shared.token;
      }
      const { token, reply } = await buy(deps, wanted, of);
      if (token === undefined) return reply;
      kept.set(channel.channelId, token);
      await deps.calls.keepToken(channel, token);
      return token.token;
    },
  };
}

/** Another client, secret, address or scope makes another token. */
const toDigest = ({ credentials, scopes }: Wanted): string =>
  createHash('sha256')
    .update(JSON.stringify([credentials, scopes]))
    .digest('base64url');

async function buy(
  { http, clock }: TokenDeps,
  { credentials, scopes }: Wanted,
  of: string,
): Promise<{ readonly token?: AccessToken; readonly reply?: MarketplaceReply | undefined }> {
  const { clientId = '', clientSecret = '', tokenUrl = '', userAgent = '' } = credentials;
  const client = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
  const reply = await http.call({
    method: 'POST',
    url: new URL(tokenUrl),
    headers: {
      authorization: `Basic ${client}`,
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': userAgent,
    },
    body: String(new URLSearchParams({ grant_type: 'client_credentials', scope: scopes })),
  });
  if (reply?.status !== 200)
    return { reply: reply?.status === 400 ? { ...reply, status: 401 } : reply };
  const found = read(reply.body);
  // What can't be read is no answer.
  if (found === undefined) return {};
  const { access_token, expires_in = EXPIRES_SECONDS_DEFAULT } = found;
  return { token: { token: access_token, expiresAtMs: clock() + expires_in * 1_000, of } };
}

function read(text: string): z.output<typeof $Token> | undefined {
  try {
    return $Token.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
