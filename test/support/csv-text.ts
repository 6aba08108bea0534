// Characters that a cell may have, and text in the encodings of uploaded files.
import fc from 'fast-check';
import type { Encoding } from '../../lib/domain/imports/import.ts';

const DECODED_1252 = new TextDecoder('windows-1252').decode(
  Uint8Array.from({ length: 256 }, (_, byte) => byte),
);
export function encode(text: string, encoding: Encoding, bom: boolean): Buffer {
  switch (encoding) {
    case 'utf-8':
      return Buffer.from((bom ? '\ufeff' : '') + text);
    case 'utf-16le':
      return Buffer.from(`\ufeff${text}`, 'utf16le');
    case 'utf-16be':
      return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
    case 'windows-1252':
      return Buffer.from(Array.from(text, (character) => DECODED_1252.indexOf(character)));
  }
}

const special = fc.constantFrom(...Array.from('"\',;|\t\r\n =+-@*\u00a0é€0'));
/** Any character but zero, which no text file has, and the byte order mark. */
export const ANY_CHARACTER = fc
  .oneof(special, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }))
  .filter((text) => !text.includes('\u0000') && !text.includes('\ufeff'));
export const IN_1252 = fc.oneof(
  special,
  // Five bytes are none of its characters; a decoder makes control characters of them.
  fc.constantFrom(
    ...Array.from(DECODED_1252.slice(1).replaceAll(/[\u0081\u008d\u008f\u0090\u009d]/g, '')),
  ),
);
