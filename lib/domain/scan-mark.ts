// What a ticket remembers of a scan: a digest of device and scan id instead of both, because four of them have to fit.
import { createHash } from 'node:crypto';

/** 66 bits: a scan meets one of the four that a ticket remembers by chance once in 10^19. More would be item bytes. */
const DIGEST_CHARACTERS = 11;

const digest = (first: string, second: string): string =>
  createHash('sha256')
    .update(`${first}\n${second}`)
    .digest('base64url')
    .slice(0, DIGEST_CHARACTERS);

export const toScanDigest = (deviceId: string, scanId: string): string => digest(deviceId, scanId);

/** Names a scan for good: scan ids are unique for a device and a barcode. */
export const toPassId = (scanDigest: string, barcode: string): string =>
  digest(scanDigest, barcode);
