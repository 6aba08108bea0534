import { describe, expect, it } from 'vitest';
import { type Faces, toPrintable, toRuns, wrap } from '../../lib/adapters/ticket-pdf/text-runs.ts';

// Three fonts: Latin, one with Arabic and Hebrew letters, and one with everything but private characters.
const FACES: Faces<string> = {
  fonts: ['latin', 'leftwards', 'anything'],
  hasGlyph: (font, codePoint) => {
    const isLeftwards = codePoint >= 0x0590 && codePoint < 0x0700;
    if (font === 'latin') return codePoint < 0x0250;
    if (font === 'leftwards') return isLeftwards || codePoint === 0x20 || codePoint === 0x200c;
    return codePoint < 0xe000 || codePoint > 0xf8ff;
  },
};
const toTexts = (line: string): readonly string[] =>
  toRuns(toPrintable(line), FACES).map(({ font, text }) => `${font}: ${text}`);

describe('a line as it is set', () => {
  it('stays in the first font that has its characters', () =>
    expect(toTexts('Zoë 東京 3')).toEqual(['latin: Zoë ', 'anything: 東京', 'latin:  3']));

  it('puts right-to-left text where it is seen, letters left to the font engine', () => {
    expect(toTexts('abc שלום def')).toEqual(['latin: abc ', 'leftwards: שלום', 'latin:  def']);
    expect(toTexts('שלום כהן')).toEqual(['leftwards: שלום כהן']);
    expect(toTexts('שלום abc')).toEqual(['latin: abc', 'leftwards: שלום ']);
  });

  it('keeps numbers and mirrors brackets within right-to-left text', () =>
    expect(toTexts('שלום (12)')).toEqual([
      'latin: (',
      'latin: 12',
      'latin: )',
      'leftwards: שלום ',
    ]));

  it('shows a sign in place of what no font has, and nothing for steering marks', () => {
    expect(toTexts('a\ue000b')).toEqual(['latin: a', 'anything: \ufffd', 'latin: b']);
    expect(toTexts('a\u202eb\u200bc\ufe0f')).toEqual(['latin: abc']);
    expect(toTexts('a\u200db')).toEqual(['latin: ab']);
  });

  it('keeps a joiner between letters that it shapes', () =>
    expect(toTexts('می\u200cخواهم')).toEqual(['leftwards: می\u200cخواهم']));

  it('is one line', () => expect(toPrintable('a\r\nb\tc')).toBe('a  b c'));
});

describe('breaking lines', () => {
  const room = (width: number, linesMax: number) => ({
    linesMax,
    isFitting: (line: string) => line.length <= width,
  });

  it('breaks between words', () =>
    expect(wrap('one two three four', room(9, 9))).toEqual(['one two', 'three', 'four']));

  it('breaks a word that has no line of its own', () =>
    expect(wrap('abcdefghij k', room(4, 9))).toEqual(['abcd', 'efgh', 'ij k']));

  it('ends what is too long in an ellipsis, within the width', () =>
    expect(wrap('one two three four', room(7, 2))).toEqual(['one two', 'three…']));
});
