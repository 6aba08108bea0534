// POST …/mercury/oauth2/token: client credentials (RFC 6749, section 4.4), as Mercury's clients send them.
import * as z from 'zod';
import { issueToken, type TokenDeps } from '../../../app/marketplaces/issue-token.ts';
import { refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { CHANNEL_ID } from './shared.ts';

const contract = {
  operationId: 'mercuryToken',
  method: 'POST',
  path: '/hooks/{channelId}/mercury/oauth2/token',
  family: 'hooks',
  scope: 'public',
  summary:
    'Get an access token for client credentials: a form, and the credentials in it or by Basic.',
  params: z.object({ channelId: z.string().regex(CHANNEL_ID) }),
  success: 200,
  response: z.object({
    access_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int(),
  }),
  refusals: ['not_found', 'unauthorized'],
} as const satisfies Contract;

/** Longer is no form of this request. */
const FORM_CHARACTERS_MAX = 4_000;

export const mercuryToken = defineRoute(
  contract,
  async (deps: TokenDeps, { params, text, headers, nowMs }) => {
    const form = new URLSearchParams(text.slice(0, FORM_CHARACTERS_MAX));
    if (form.get('grant_type') !== 'client_credentials') return refuse('unauthorized');
    const { channelId } = params;
    const [clientId, clientSecret] = readCredentials(headers['authorization'], form);
    return issueToken(deps, { channelId, clientId, clientSecret, nowMs });
  },
);

function readCredentials(authorization: string | undefined, form: URLSearchParams) {
  const basic = /^Basic +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (basic === undefined) {
    return [form.get('client_id') ?? '', form.get('client_secret') ?? ''] as const;
  }
  const shown = Buffer.from(basic, 'base64').toString('utf8');
  const colon = shown.indexOf(':');
  return colon < 0
    ? (['', ''] as const)
    : ([shown.slice(0, colon), shown.slice(colon + 1)] as const);
}
