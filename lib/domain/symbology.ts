// In which kind of barcode a ticket's barcode is drawn.

export const SYMBOLOGIES = ['QR', 'CODE128', 'PDF417', 'AZTEC'] as const;
export type Symbology = (typeof SYMBOLOGIES)[number];

/**
 * Longest text that Code 128 holds on a page's 170 mm with bars of 0.44 mm, which phones' screens and cheap scanners still
 * resolve: it takes eleven bars a character, and thirty-five around them.
 */
const CODE_128_CHARACTERS_MAX = 32;
const PRINTABLE_ASCII = /^[\u0020-\u007e]+$/;

/** Code 128 knows ASCII only and grows with every character: what it can't carry is drawn as QR code. */
export function toDrawnSymbology(barcode: string, wanted: Symbology): Symbology {
  if (wanted !== 'CODE128') return wanted;
  const isFitting = PRINTABLE_ASCII.test(barcode) && barcode.length <= CODE_128_CHARACTERS_MAX;
  return isFitting ? wanted : 'QR';
}
