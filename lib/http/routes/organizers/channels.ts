// GET /v1/channels, GET and PUT /v1/channels/{marketplace}: with which marketplaces an organization works, and how.
import * as z from 'zod';
import {
  type ChannelDeps,
  findChannel,
  listChannels,
  putChannel,
  type ToldChannel,
} from '../../../app/channels/manage-channels.ts';
import { MARKETPLACES } from '../../../domain/access.ts';
import {
  AUTH_SECRETS,
  type Credentials,
  type InboundAuth,
  OPEN_CREDENTIALS,
} from '../../../domain/marketplaces/channel.ts';
import {
  type Circuit,
  CIRCUIT_STATES,
  toCircuitState,
} from '../../../domain/marketplaces/circuit.ts';
import { AUTH_MODES, CREDENTIAL_NAMES, PROFILES } from '../../../domain/marketplaces/registry.ts';
import { isWebhookSecret } from '../../../domain/marketplaces/webhook-signature.ts';
import { ok } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';

/** An hour of fraud review (reference F7), many times over; a hold of a day is a sale that nobody makes. */
const HOLD_MINUTES_MAX = 24 * 60;
/** A week. */
const AUTO_REJECT_MINUTES_MAX = 7 * 24 * 60;
const URL_CHARACTERS_MAX = 2_000;
/** While one secret takes over from another there are two of them. */
const SECRETS_MAX = 5;

/** Printable, without spaces at its ends, as a header carries it. */
const PRINTABLE = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/;
const $VendorSecret = z.string().min(1).max(500).regex(PRINTABLE, 'must be printable ASCII');
const $Secret = $VendorSecret.min(16).meta({ description: 'Never shown again.' });
const $WebhookSecret = z
  .string()
  .refine(isWebhookSecret, 'must be whsec_ and the base64 of 24 to 64 bytes')
  .meta({ description: 'Never shown again.' });
const $ClientId = z.string().regex(/^[\x21-\x39\x3b-\x7e]{1,100}$/, 'must be printable, without :');
const $BrokerId = z.int().positive().max(999_999_999_999_999);

const FLOW = {
  flow: z
    .literal('classic')
    .optional()
    .meta({ description: "Gametime's and Ticket Evolution's native sale flow, without holds." }),
};
/** A secret that is not given stays as it is. */
const $Auth = z.discriminatedUnion('mode', [
  z.strictObject({ mode: z.literal('key'), ...FLOW }),
  z.strictObject({
    mode: z.literal('standardWebhooks'),
    secrets: z.array($WebhookSecret).min(1).max(SECRETS_MAX).optional(),
    ...FLOW,
  }),
  z.strictObject({ mode: z.literal('authorization'), value: $Secret.optional(), ...FLOW }),
  z.strictObject({ mode: z.literal('bodyHmac'), secret: $Secret.optional(), ...FLOW }),
  z.strictObject({
    mode: z.literal('ticketEvolution'),
    token: $Secret.optional(),
    secret: $Secret.optional(),
    ...FLOW,
  }),
  z.strictObject({
    mode: z.literal('mercury'),
    clientId: $ClientId.optional(),
    clientSecret: $Secret.optional(),
    brokerId: $BrokerId.optional(),
    ...FLOW,
  }),
]);

/** With what a marketplace has given its broker; each takes those that it needs. */
const $Credentials = z
  .strictObject({
    clientId: $ClientId,
    clientSecret: $VendorSecret,
    tokenUrl: z.string().max(URL_CHARACTERS_MAX),
    userAgent: z.string().regex(PRINTABLE, 'must be printable ASCII').max(200),
    apiToken: $VendorSecret,
    token: $VendorSecret,
    apiKey: $VendorSecret,
    secret: $VendorSecret,
    reviewerId: z.string().regex(/^[1-9][0-9]{0,14}$/, 'must be a number'),
  })
  .partial()
  .meta({ description: "For the marketplace's own calls. Secrets are never shown again." });

const $Channel = z
  .object({
    channelId: z.string(),
    marketplace: z.enum(MARKETPLACES),
    protocol: z.enum(['OI', 'ION', 'swap']),
    wireFormat: z.enum(['native', 'canonical']),
    enabled: z.boolean(),
    inboundUrl: z
      .string()
      .meta({ description: 'Where the marketplace calls, unless it has a key.' }),
    auth: z.object({
      mode: z.enum(AUTH_MODES),
      flow: z.literal('classic').exactOptional(),
      clientId: z.string().exactOptional(),
      brokerId: z.int().exactOptional(),
    }),
    holdMinutes: z.int(),
    autoRejectAfterMinutes: z.int(),
    feePercent: z.number().exactOptional(),
    outbound: z
      .object({
        url: z.string(),
        newSecret: z
          .string()
          .exactOptional()
          .meta({ description: 'Signs what is sent; made by us, and shown this once.' }),
        credentials: z
          .partialRecord(z.enum(CREDENTIAL_NAMES), z.string())
          .exactOptional()
          .meta({ description: 'Those that are no secrets.' }),
      })
      .exactOptional(),
    circuit: z
      .object({
        state: z.enum(CIRCUIT_STATES),
        failures: z.int(),
        retryAt: z.string().exactOptional(),
      })
      .exactOptional()
      .meta({
        description:
          'Of native calls. `open`: too many failed in a row; none is made before `retryAt`.',
      }),
    createdAt: z.string(),
    version: z.int(),
  })
  .meta({ id: 'Channel' });

const SHARED = { family: 'organizers', scope: 'organizer' } as const;
const ONE = {
  ...SHARED,
  path: '/v1/channels/{marketplace}',
  params: z.strictObject({ marketplace: z.enum(MARKETPLACES) }),
} as const;

const putContract = {
  ...ONE,
  operationId: 'putChannel',
  method: 'PUT',
  summary:
    'Work with a marketplace, or change how. What is not sent gets its default; secrets stay.',
  body: z.strictObject({
    enabled: z.boolean(),
    auth: $Auth.optional(),
    holdMinutes: z.int().min(1).max(HOLD_MINUTES_MAX).optional(),
    autoRejectAfterMinutes: z.int().min(1).max(AUTO_REJECT_MINUTES_MAX).optional(),
    feePercent: z.number().min(0).max(100).multipleOf(0.01).optional(),
    outbound: z
      .strictObject({
        url: z.string().max(URL_CHARACTERS_MAX),
        secret: $WebhookSecret.optional(),
        credentials: $Credentials.optional(),
      })
      .optional(),
  }),
  success: 200,
  response: $Channel,
  refusals: ['not_found', 'precondition_failed'],
} as const satisfies Contract;

const put = defineRoute(putContract, async (deps: ChannelDeps, request) => {
  const { actor, params, body, ifMatch, nowMs } = request;
  const { organizationId } = actor;
  const told = await putChannel(deps, {
    organizationId,
    ...params,
    settings: body,
    ifMatch,
    nowMs,
  });
  return told.ok ? ok(toBody(told.value, request)) : told;
});

const getContract = {
  ...ONE,
  operationId: 'getChannel',
  method: 'GET',
  summary: 'Read how a marketplace is worked with.',
  success: 200,
  response: $Channel,
  refusals: ['not_found'],
} as const satisfies Contract;

const get = defineRoute(getContract, async (deps: ChannelDeps, { actor, params, ...request }) => {
  const told = await findChannel(deps, actor.organizationId, params.marketplace);
  return told.ok ? ok(toBody(told.value, request)) : told;
});

const listContract = {
  ...SHARED,
  operationId: 'listChannels',
  method: 'GET',
  path: '/v1/channels',
  summary: 'List the marketplaces that are worked with.',
  success: 200,
  response: z.object({ items: z.array($Channel), nextCursor: z.string().optional() }),
  refusals: [],
} as const satisfies Contract;

const list = defineRoute(listContract, async (deps: ChannelDeps, { actor, origin, nowMs }) => {
  const found = await listChannels(deps, actor.organizationId);
  return ok({ items: found.map((told) => toBody(told, { origin, nowMs })) });
});

function toBody(
  { channel, newSecret, circuit }: ToldChannel,
  { origin, nowMs }: { readonly origin: string; readonly nowMs: number },
) {
  const { organizationId: _tenant, auth, outbound, ...shown } = channel;
  const { protocol, wireFormat } = PROFILES[channel.marketplace];
  return {
    ...shown,
    protocol,
    wireFormat,
    inboundUrl: `${origin}/hooks/${channel.channelId}`,
    auth: withoutSecrets(auth),
    ...(outbound === undefined
      ? {}
      : {
          outbound: {
            url: outbound.url,
            ...(newSecret === undefined ? {} : { newSecret }),
            ...toShown(outbound.credentials),
          },
        }),
    ...(circuit === undefined ? {} : { circuit: toCircuit(circuit, nowMs) }),
  };
}

const toCircuit = (circuit: Circuit, nowMs: number) => ({
  state: toCircuitState(circuit, nowMs),
  failures: circuit.failures,
  ...(circuit.openUntilMs === undefined
    ? {}
    : { retryAt: new Date(circuit.openUntilMs).toISOString() }),
});

function toShown(credentials: Credentials | undefined) {
  if (credentials === undefined) return {};
  const open = Object.entries(credentials).filter(([name]) => OPEN_CREDENTIALS.has(name));
  return { credentials: Object.fromEntries(open) as Credentials };
}

function withoutSecrets(auth: InboundAuth) {
  const secrets = AUTH_SECRETS[auth.mode];
  const open = Object.entries(auth).filter(([name]) => !secrets.includes(name));
  return Object.fromEntries(open) as { readonly mode: InboundAuth['mode'] };
}

export const channelRoutes = [list, get, put];
