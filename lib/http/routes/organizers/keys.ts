// GET, POST /v1/keys, POST /v1/keys/{keyId}/rotate and DELETE /v1/keys/{keyId}.
import * as z from 'zod';
import type { StoredKey } from '../../../app/authenticate.ts';
import { createKey, type KeyDeps, rotateKey } from '../../../app/manage-keys.ts';
import { MARKETPLACES, SCOPES } from '../../../domain/access.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId } from '../../schemas.ts';
import { $Name } from './bodies.ts';

/** Events that one key may name; a device that scans more takes all of the organization's (no eventIds). */
export const KEY_EVENTS_MAX = 100;

const $Key = z
  .object({
    keyId: z.string(),
    scope: z.enum(SCOPES),
    name: z.string().exactOptional(),
    marketplace: z.enum(MARKETPLACES).exactOptional(),
    eventIds: z.array(z.string()).exactOptional(),
    gateId: z.string().exactOptional(),
    createdAt: z.string(),
    revokedAt: z.string().exactOptional(),
  })
  .meta({ id: 'Key' });
const $KeyWithSecret = $Key.extend({
  key: z
    .string()
    .meta({ description: 'Shown this once; send it as `Authorization: Bearer <key>`.' }),
});

const SHARED = { family: 'organizers', scope: 'organizer' } as const;
const $KeyParams = z.strictObject({ keyId: z.string().regex(/^key_[0-9A-Z]{26}$/) });

const postContract = {
  ...SHARED,
  operationId: 'createKey',
  method: 'POST',
  path: '/v1/keys',
  summary: 'Make a key. It works from this answer on and is shown once.',
  body: z
    .strictObject({
      scope: z.enum(SCOPES),
      name: $Name.optional(),
      marketplace: z.enum(MARKETPLACES).optional(),
      eventIds: z.array($ClientId).min(1).max(KEY_EVENTS_MAX).optional(),
      gateId: z.optional($ClientId),
    })
    .superRefine((key, ctx) => {
      const fault = (path: string, message: string) =>
        ctx.addIssue({ code: 'custom', path: [path], message });
      if ((key.scope === 'marketplace') !== (key.marketplace !== undefined)) {
        fault('marketplace', 'goes with scope marketplace and only with it');
      }
      if (key.scope === 'device') return;
      if (key.eventIds !== undefined) fault('eventIds', 'goes with scope device only');
      if (key.gateId !== undefined) fault('gateId', 'goes with scope device only');
    }),
  success: 201,
  response: $KeyWithSecret,
  refusals: ['limit_reached'],
} as const satisfies Contract;

const postKey = defineRoute(postContract, (deps: KeyDeps, { actor, body, nowMs }) =>
  createKey(deps, { organizationId: actor.organizationId, nowMs, key: body }),
);

const listContract = {
  ...SHARED,
  operationId: 'listKeys',
  method: 'GET',
  path: '/v1/keys',
  summary: 'List all keys without their secrets, and for 30 days those that were revoked.',
  success: 200,
  response: z.object({ items: z.array($Key), nextCursor: z.string().optional() }),
  refusals: [],
} as const satisfies Contract;

const listKeys = defineRoute(listContract, async ({ keys }: KeyDeps, { actor }) =>
  ok({ items: [...(await keys.list(actor.organizationId))] }),
);

const rotateContract = {
  ...SHARED,
  operationId: 'rotateKey',
  method: 'POST',
  path: '/v1/keys/{keyId}/rotate',
  summary: 'Give a key a new secret; the old one ends within 60 seconds.',
  params: $KeyParams,
  success: 200,
  response: $KeyWithSecret,
  refusals: ['not_found'],
} as const satisfies Contract;

const rotate = defineRoute(rotateContract, (deps: KeyDeps, { actor, params }) =>
  rotateKey(deps, { organizationId: actor.organizationId, keyId: params.keyId }),
);

const deleteContract = {
  ...SHARED,
  operationId: 'revokeKey',
  method: 'DELETE',
  path: '/v1/keys/{keyId}',
  summary: 'Revoke a key; it ends within 60 seconds. A repeat changes nothing.',
  params: $KeyParams,
  success: 200,
  response: $Key,
  refusals: ['not_found'],
} as const satisfies Contract;

const deleteKey = defineRoute(
  deleteContract,
  async ({ keys }: KeyDeps, { actor, params, nowMs }) => {
    const at = new Date(nowMs).toISOString();
    const revoked: StoredKey | undefined = await keys.revoke(
      actor.organizationId,
      params.keyId,
      at,
    );
    return revoked === undefined ? refuse('not_found') : ok(revoked);
  },
);

export const keyRoutes = [postKey, listKeys, rotate, deleteKey];
