// Whether evidence is genuine: by nothing but the file and the public key of who is said to have signed it.
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { type Json, toCanonicalText } from '../domain/marketplaces/evidence.ts';
import { toFingerprint } from './evidence-keys.ts';

type Evidence = Readonly<Record<string, Json>>;

export type Verification =
  | { readonly ok: true; readonly evidence: Evidence }
  | { readonly ok: false; readonly why: string };

/** `key`: a PEM file's text, the line that the key's route shows, or that route's whole answer. */
export function verifyEvidence(text: string, key: string): Verification {
  const publicKey = parseKey(key);
  if (publicKey === undefined) return fault('the key is not an Ed25519 public key');
  const evidence = parseObject(text);
  if (evidence === undefined) return fault('the evidence is not a JSON object');
  if (countKeys(text) !== countFields(evidence)) return fault('a field stands there twice');
  const { signature, ...signed } = evidence;
  if (typeof signature !== 'string') return fault('there is no signature');
  const fingerprint = toFingerprint(publicKey.export({ format: 'der', type: 'spki' }));
  const keyId = toText(signed['keyId']);
  if (!keyId.endsWith(`.${fingerprint}`)) return fault(`it is signed by another key: ${keyId}`);
  const bytes = Buffer.from(signature, 'base64url');
  const isGenuine =
    bytes.toString('base64url') === signature &&
    verify(undefined, Buffer.from(toCanonicalText(signed)), publicKey, bytes);
  return isGenuine ? { ok: true, evidence } : fault('it was changed after it was signed');
}

/** Of a field that may be anything. */
export const toText = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

const fault = (why: string): Verification => ({ ok: false, why });

function parseKey(text: string): KeyObject | undefined {
  const { publicKey: line = text } = parseObject(text) ?? {};
  const base64 = toText(line).replaceAll(/-----[A-Z ]+-----|\s/g, '');
  try {
    const key = createPublicKey({
      key: Buffer.from(base64, 'base64'),
      format: 'der',
      type: 'spki',
    });
    return key.asymmetricKeyType === 'ed25519' ? key : undefined;
  } catch {
    return undefined;
  }
}

function parseObject(text: string): Evidence | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Evidence)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Of JSON: of two fields with one name a parser keeps one, and a reader may see the other. */
const countKeys = (text: string): number =>
  [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/gs)].filter(([, colon]) => colon !== undefined)
    .length;

function countFields(value: Json | null): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Object.values(value).reduce<number>((sum, each) => sum + countFields(each), 0);
  return inner + (Array.isArray(value) ? 0 : Object.keys(value).length);
}
