// Mercury's ids, its error bodies, and which channel speaks so.
import * as z from 'zod';
import type { Actor } from '../../../domain/access.ts';
import type { Refusal } from '../../../domain/refusals.ts';
import type { Contract, VendorErrors } from '../../contract.ts';
import { $ClientId } from '../../schemas.ts';
import { HOOKS, toAsking } from './shared.ts';

/** A UUID of the client's making; whatever else is an id of a request is taken as well. */
export const $LockId = z.string().pipe($ClientId);
/** Their ids are numbers, ours are texts. */
export const $TicketGroupId = z
  .union([z.string().min(1).max(40), z.int().positive()])
  .transform(String);

/** Which field a refusal is about, where Mercury names one. */
const FIELDS: Readonly<Partial<Record<Refusal['code'], string>>> = {
  invalid_split: 'quantity',
  not_available: 'quantity',
  price_changed: 'wholesalePrice',
};

/** `{message, validationErrors: {field: {reasons}}}`. */
const ERRORS: VendorErrors = {
  name: 'Mercury',
  statuses: {
    validation_failed: 400,
    invalid_split: 400,
    not_available: 400,
    price_changed: 400,
    hold_expired: 400,
    hold_released: 400,
    id_reused: 409,
  },
  properties: { message: 'string', validationErrors: 'object' },
  required: ['message'],
  toBody: (refusal) => {
    const validationErrors = toValidationErrors(refusal);
    return {
      message: refusal.detail ?? refusal.code.replaceAll('_', ' '),
      ...(validationErrors === undefined ? {} : { validationErrors }),
    };
  },
};

function toValidationErrors({ code, detail, errors }: Refusal) {
  const field = FIELDS[code];
  const reason = detail ?? code.replaceAll('_', ' ');
  if (field !== undefined) return { [field]: { reasons: [reason] } };
  if (errors === undefined) return undefined;
  const byField = Map.groupBy(errors, ({ pointer }) => pointer.replace(/^\//, ''));
  return Object.fromEntries(
    [...byField].map(([name, faults]) => [name, { reasons: faults.map((fault) => fault.detail) }]),
  );
}

export const MERCURY = { ...HOOKS, vendorErrors: ERRORS } as const satisfies Partial<Contract>;
export const MERCURY_PATH = '/hooks/{channelId}/mercury/v5';

export const toMercury = (actor: Actor, nowMs: number) =>
  toAsking(actor, nowMs, ['ticketnetwork-mercury']);
