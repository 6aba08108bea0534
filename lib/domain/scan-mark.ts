// What a ticket remembers of a scan: a digest of device and scan id instead of both, because four of them have to fit.
import { createHash } from 'node:crypto';

/** 96 bits: two of the scans of one barcode meet by chance in fewer than 1 of 10^27 pairs. */
const DIGEST_CHARACTERS = 16;

export const toScanDigest = (deviceId: string, scanId: string): string =>
  createHash('sha256')
    .update(`${deviceId}\n${scanId}`)
    .digest('base64url')
    .slice(0, DIGEST_CHARACTERS);
