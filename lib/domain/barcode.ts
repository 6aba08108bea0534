// Barcodes: what may be stored, and how a scanner's text is cleaned before it is looked up.
// Inside Swapgate a barcode is kept byte for byte; nothing here trims, folds or normalizes a stored one.
import { assert } from './assert.ts';
import { toCrockford } from './crockford.ts';

/** Product.md section 3; 128 characters is the longest Code 128 or PDF417 payload seen on tickets. */
const BARCODE_CHARACTERS_MAX = 128;
/**
 * Keeps the barcode's item below 1 KB, so that an admission stays at one write unit.
 * @internal Exported for tests.
 */
export const BARCODE_BYTES_MAX = 256;

/** Random bytes of a barcode of ours: 80 bits are 16 characters, which fit a QR code of 21 × 21 (product.md section 3). */
export const OWN_BARCODE_BYTES = 10;
const OWN_BARCODE_CHARACTERS = 16;

export const toOwnBarcode = (random: Uint8Array): string => {
  assert(random.length === OWN_BARCODE_BYTES, 'a barcode of ours has 80 random bits');
  return toCrockford(random, OWN_BARCODE_CHARACTERS);
};

export type BarcodeFault = 'barcode_missing' | 'barcode_too_long' | 'barcode_control_character';

// Control characters (C0, DEL, C1) and lone surrogates can't come out of a scanner and can't be stored as UTF-8.
// oxlint-disable-next-line no-control-regex -- control characters are what this pattern is for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]|\p{Surrogate}/u;
const TRAILING_TERMINATORS = /[\r\n\t]+$/;
/** ECI escapes such as `\000026` that some readers and wallets put in front of the data. */
const ECI_PREFIX = /^(?:\\[0-9]{6})+/;

/** Why this text can't be a stored barcode, or undefined when it can. */
export function findBarcodeFault(text: string): BarcodeFault | undefined {
  if (text === '') return 'barcode_missing';
  if (CONTROL.test(text)) return 'barcode_control_character';
  // A string has at most as many characters (code points) as UTF-16 units, and at most three bytes a unit.
  if (text.length > BARCODE_CHARACTERS_MAX && [...text].length > BARCODE_CHARACTERS_MAX) {
    return 'barcode_too_long';
  }
  if (text.length * 3 > BARCODE_BYTES_MAX && Buffer.byteLength(text) > BARCODE_BYTES_MAX) {
    return 'barcode_too_long';
  }
  return undefined;
}

/**
 * The barcode in what a scanner sent: an ECI prefix and trailing CR, LF and tabs go, everything else stays,
 * spaces included, because imported barcodes may contain them.
 */
export function cleanScannedText(text: string): string {
  return text.replace(ECI_PREFIX, '').replace(TRAILING_TERMINATORS, '');
}
