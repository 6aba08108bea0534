// Ed25519 keys with which evidence is signed. Each organization has one, derived from its secret: nothing more has to be
// stored, and as the secret is never another one, what was signed once stays verifiable.
import { createHash, createPrivateKey, createPublicKey, hkdfSync, sign } from 'node:crypto';
import type { EvidenceKey, EvidenceKeys } from '../app/evidence-ports.ts';
import { toEvidenceKeyId } from '../domain/marketplaces/evidence.ts';

const SEED_BYTES = 32;
/** The organization's secret has other uses: each has a key of its own. */
const PURPOSE = 'swapgate evidence';
/** What stands before the seed of an Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
/** 132 bits of SHA-256 tell any two keys apart. */
const FINGERPRINT_CHARACTERS = 22;

export const createEvidenceKeys = (
  findSecret: (organizationId: string) => Promise<string | undefined>,
): EvidenceKeys => ({
  async find(organizationId) {
    const secret = await findSecret(organizationId);
    return secret === undefined ? undefined : toKey(organizationId, secret);
  },
});

function toKey(organizationId: string, secret: string): EvidenceKey {
  const seed = Buffer.from(hkdfSync('sha256', secret, '', PURPOSE, SEED_BYTES));
  const key = Buffer.concat([PKCS8_PREFIX, seed]);
  const privateKey = createPrivateKey({ key, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return {
    keyId: toEvidenceKeyId(organizationId, toFingerprint(publicKey)),
    publicKey: publicKey.toString('base64'),
    sign: (text) => sign(undefined, Buffer.from(text), privateKey).toString('base64url'),
  };
}

/** Of a key's DER form: the tail of its id. */
export const toFingerprint = (publicKey: Buffer): string =>
  createHash('sha256').update(publicKey).digest('base64url').slice(0, FINGERPRINT_CHARACTERS);
