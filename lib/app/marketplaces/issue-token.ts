// Mercury's clients get an access token for their credentials before they call.
import { toMercuryToken, TOKEN_SECONDS } from '../../domain/marketplaces/mercury-token.ts';
import { isSameText } from '../../domain/marketplaces/same-text.ts';
import { type Result, ok, refuse } from '../../domain/result.ts';
import type { ChannelStore } from '../channel-ports.ts';

export interface TokenDeps {
  readonly channels: Pick<ChannelStore, 'findById'>;
}

export interface TokenRequest {
  readonly channelId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly nowMs: number;
}

export interface AccessToken {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  readonly expires_in: number;
}

/** Refuses `unauthorized`, of whichever reason. */
export async function issueToken(
  { channels }: TokenDeps,
  { channelId, clientId, clientSecret, nowMs }: TokenRequest,
): Promise<Result<AccessToken>> {
  const channel = await channels.findById(channelId);
  if (channel?.auth.mode !== 'mercury') return refuse('unauthorized');
  const { auth } = channel;
  const isClient = isSameText(clientId, auth.clientId);
  if (!isSameText(clientSecret, auth.clientSecret) || !isClient) return refuse('unauthorized');
  return ok({
    access_token: toMercuryToken(auth, nowMs),
    token_type: 'Bearer',
    expires_in: TOKEN_SECONDS,
  });
}
