// Bytes as Crockford base32: capitals and digits that people don't mix up, and that a QR code packs tightest.

const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** The first 5 × `characters` bits. */
export function toCrockford(bytes: Uint8Array, characters: number): string {
  let bits = 0;
  let value = 0;
  let text = '';
  for (const byte of bytes) {
    value = ((value & 0x1f) << 8) | byte;
    bits += 8;
    while (bits >= 5 && text.length < characters) {
      bits -= 5;
      text += DIGITS[(value >> bits) & 0x1f];
    }
  }
  return text;
}
