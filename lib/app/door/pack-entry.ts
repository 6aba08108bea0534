// What a scanner keeps of each ticket for the time offline. The pack is of no use to somebody who has no ticket: it names
// a barcode by a salted hash only, and what it says of the holder opens with a key that only the barcode gives.
import { createCipheriv, createHmac, hkdfSync, pbkdf2 } from 'node:crypto';
import { promisify } from 'node:util';
import type { Payment, Standing, Ticket } from '../../domain/ticket.ts';

/**
 * Rounds of PBKDF2-SHA256. A barcode of ours is 80 random bits and needs no more than one. An imported one may be twelve
 * digits: 4,096 rounds are 3 ms for a scanner and for each ticket of a pack, and README states what they are worth.
 */
const PACK_ROUNDS = { own: 1, imported: 4_096 } as const;
/** In the order in which a scanner tries them. */
export const PACK_ROUNDS_TRIED = [PACK_ROUNDS.own, PACK_ROUNDS.imported] as const;

const SALT_BYTES = 16;
/** One salt for an event, the same for every pack of it. */
export const toPackSalt = (secret: string, eventId: string): string =>
  createHmac('sha256', secret)
    .update(`scan pack\n${eventId}`)
    .digest()
    .subarray(0, SALT_BYTES)
    .toString('base64url');

export interface PackKeys {
  /** Finds the ticket in the pack: 128 bits. */
  readonly hash: string;
  readonly sealKey: Buffer;
}

const KEY_BYTES = 32;
const HASH_BYTES = 16;

export async function derivePackKeys(
  barcode: string,
  { salt, rounds }: { readonly salt: string; readonly rounds: number },
): Promise<PackKeys> {
  const root = await promisify(pbkdf2)(
    barcode,
    Buffer.from(salt, 'base64url'),
    rounds,
    KEY_BYTES,
    'sha256',
  );
  const derive = (use: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', root, '', `swapgate pack ${use}`, bytes));
  return {
    hash: derive('hash', HASH_BYTES).toString('base64url'),
    sealKey: derive('seal', KEY_BYTES),
  };
}

const NONCE_BYTES = 12;

/** AES-256-GCM as nonce, text and tag. The nonce comes from the text, so that the same ticket is the same entry. */
function sealForPack(text: string, key: Buffer): string {
  const nonce = createHmac('sha256', key).update(text).digest().subarray(0, NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  return Buffer.concat([
    nonce,
    cipher.update(text, 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ]).toString('base64url');
}

export const TOMBSTONES = ['SWAPPED', 'REPLACED', 'BLOCKED', 'CANCELED', 'REMOVED'] as const;
export type Tombstone = (typeof TOMBSTONES)[number];

export type PackEntry =
  | { readonly hash: string; readonly tombstone: Tombstone }
  | {
      readonly hash: string;
      readonly ticketTypeId: number;
      readonly admissions: number;
      readonly inside: boolean;
      readonly reentryGranted?: true;
      /** Absent: nothing is due. */
      readonly payment?: Exclude<Payment, 'SETTLED'>;
      readonly heldUntilMs?: number;
      readonly lastAdmission?: {
        readonly atMs: number;
        readonly deviceId: string;
        readonly gateId?: string;
      };
      readonly sealed: string;
    };

export const toRounds = ({ origin }: Pick<Ticket, 'origin'>): number =>
  origin === 'IMPORTED' ? PACK_ROUNDS.imported : PACK_ROUNDS.own;

const isTombstone = (standing: Standing): standing is Exclude<Standing, 'ACTIVE'> =>
  standing !== 'ACTIVE';

/** The whole entry follows from the ticket and its keys. */
export function toPackEntry(ticket: Ticket, { hash, sealKey }: PackKeys): PackEntry {
  if (isTombstone(ticket.standing)) return { hash, tombstone: ticket.standing };
  const { eventTicketId, holderName = '', section, row, seat, lastAdmission: last } = ticket;
  const holder = JSON.stringify({ eventTicketId, holderName, section, row, seat });
  return {
    hash,
    ticketTypeId: ticket.ticketTypeId,
    admissions: ticket.admissions,
    inside: ticket.inside,
    ...(ticket.reentryGranted ? { reentryGranted: true } : {}),
    ...(ticket.payment === 'SETTLED' ? {} : { payment: ticket.payment }),
    ...(ticket.heldUntilMs === undefined ? {} : { heldUntilMs: ticket.heldUntilMs }),
    ...(last === undefined
      ? {}
      : {
          lastAdmission: {
            atMs: last.atMs,
            deviceId: last.deviceId,
            ...(last.gateId === undefined ? {} : { gateId: last.gateId }),
          },
        }),
    sealed: sealForPack(holder, sealKey),
  };
}
