import { describe, expect, it } from 'vitest';
import { cleanScannedText, findBarcodeFault } from '../../lib/domain/barcode.ts';

describe('a stored barcode', () => {
  it.each([
    ' 871',
    '871 ',
    '8 71',
    '*871*',
    '+871',
    '=1',
    "'1",
    '0008',
    '\u00a0871',
    '"q"',
    'é漢🎫',
  ])('may be %j, byte for byte', (barcode) => expect(findBarcodeFault(barcode)).toBeUndefined());
  it.each([
    ['', 'barcode_missing'],
    ['a\tb', 'barcode_control_character'],
    ['a\u0000', 'barcode_control_character'],
    ['\ud800', 'barcode_control_character'],
    ['x'.repeat(129), 'barcode_too_long'],
    ['漢'.repeat(86), 'barcode_too_long'],
  ])('may not be %j: %s', (barcode, fault) => expect(findBarcodeFault(barcode)).toBe(fault));
  it('may have 128 characters of two units each as long as the bytes fit', () => {
    expect(findBarcodeFault('x'.repeat(128))).toBeUndefined();
    expect(findBarcodeFault('🎫'.repeat(64))).toBeUndefined();
    expect(findBarcodeFault('🎫'.repeat(65))).toBe('barcode_too_long');
  });
});

describe("a scanner's text", () => {
  it.each([
    ['871\r\n', '871'],
    ['871\t', '871'],
    ['\\000026871', '871'],
    ['\\000003\\000026871', '871'],
    [' 871 ', ' 871 '],
    ['*871*', '*871*'],
    ['\r\n', ''],
  ])('%j is the barcode %j', (text, barcode) => expect(cleanScannedText(text)).toBe(barcode));
});
