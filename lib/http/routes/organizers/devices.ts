// Scanners: POST, GET and DELETE /v1/devices, DELETE /v1/devices/{deviceId}. A device is a key of scope device.
import * as z from 'zod';
import type { StoredKey } from '../../../app/authenticate.ts';
import { createKey, type KeyDeps } from '../../../app/manage-keys.ts';
import { ok, refuse } from '../../../domain/result.ts';
import { type Contract, defineRoute } from '../../contract.ts';
import { $ClientId } from '../../schemas.ts';
import { $Name } from './bodies.ts';
import { KEY_EVENTS_MAX } from './keys.ts';

const $Device = z
  .object({
    deviceId: z.string(),
    name: z.string(),
    eventIds: z.array(z.string()),
    gateId: z.string().exactOptional(),
    createdAt: z.string(),
    revokedAt: z.string().exactOptional(),
  })
  .meta({ id: 'Device' });

const toDeviceBody = (key: StoredKey) => ({
  ...key,
  deviceId: key.keyId,
  name: key.name ?? '',
  eventIds: key.eventIds ?? [],
});

export interface DeviceDeps extends KeyDeps {
  /** Draws a text as a QR code, as SVG. */
  readonly toQrSvg: (text: string) => string;
}
const SHARED = { family: 'organizers', scope: 'organizer' } as const;

const postContract = {
  ...SHARED,
  operationId: 'createDevice',
  method: 'POST',
  path: '/v1/devices',
  summary: 'Enrol a scanner: its key, and a QR code to show to it.',
  body: z.strictObject({
    name: $Name,
    eventIds: z.array($ClientId).min(1).max(KEY_EVENTS_MAX),
    gateId: z.optional($ClientId),
  }),
  success: 201,
  response: $Device.extend({
    key: z.string(),
    enrolment: z.object({
      text: z.string().meta({ description: 'What the QR code says: base URL and key as JSON.' }),
      qrSvg: z.string(),
    }),
  }),
  refusals: ['limit_reached'],
} as const satisfies Contract;

const postDevice = defineRoute(
  postContract,
  async (deps: DeviceDeps, { actor, body, nowMs, origin }) => {
    const key = { scope: 'device', ...body } as const;
    const created = await createKey(deps, { organizationId: actor.organizationId, nowMs, key });
    if (!created.ok) return created;
    const text = JSON.stringify({ swapgate: 1, url: origin, key: created.value.key });
    const enrolment = { text, qrSvg: deps.toQrSvg(text) };
    return ok({ ...toDeviceBody(created.value), key: created.value.key, enrolment });
  },
);

const listContract = {
  ...SHARED,
  operationId: 'listDevices',
  method: 'GET',
  path: '/v1/devices',
  summary: 'List the scanners, and for 30 days those that were revoked.',
  success: 200,
  response: z.object({ items: z.array($Device), nextCursor: z.string().optional() }),
  refusals: [],
} as const satisfies Contract;

const listDevices = defineRoute(listContract, async ({ keys }: DeviceDeps, { actor }) =>
  ok({ items: (await keys.list(actor.organizationId)).filter(isDevice).map(toDeviceBody) }),
);

const deleteContract = {
  ...SHARED,
  operationId: 'revokeDevice',
  method: 'DELETE',
  path: '/v1/devices/{deviceId}',
  summary: 'Revoke a scanner; it ends within 60 seconds.',
  params: z.strictObject({ deviceId: z.string().regex(/^key_[0-9A-Z]{26}$/) }),
  success: 200,
  response: $Device,
  refusals: ['not_found'],
} as const satisfies Contract;

const deleteDevice = defineRoute(
  deleteContract,
  async ({ keys }: DeviceDeps, { actor, params, nowMs }) => {
    const { organizationId } = actor;
    const found = await keys.find(organizationId, params.deviceId);
    if (found === undefined || !isDevice(found)) return refuse('not_found');
    const revoked = await keys.revoke(organizationId, found.keyId, new Date(nowMs).toISOString());
    return revoked === undefined ? refuse('not_found') : ok(toDeviceBody(revoked));
  },
);

const deleteAllContract = {
  ...SHARED,
  operationId: 'revokeAllDevices',
  method: 'DELETE',
  path: '/v1/devices',
  summary: 'Revoke every scanner of the organization.',
  success: 200,
  response: z.object({ revoked: z.int() }),
  refusals: [],
} as const satisfies Contract;

const deleteAllDevices = defineRoute(
  deleteAllContract,
  async ({ keys }: DeviceDeps, { actor, nowMs }) => {
    const { organizationId } = actor;
    const at = new Date(nowMs).toISOString();
    const live = (await keys.list(organizationId)).filter(
      (key) => isDevice(key) && key.revokedAt === undefined,
    );
    for (const key of live) await keys.revoke(organizationId, key.keyId, at);
    return ok({ revoked: live.length });
  },
);

const isDevice = (key: StoredKey): boolean => key.scope === 'device';

export const deviceRoutes = [postDevice, listDevices, deleteDevice, deleteAllDevices];
