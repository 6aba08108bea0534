// A line of text in any script as runs from left to right, each in one font. Right-to-left text is put into the order
// in which it is seen; shaping within a run (Arabic, for one) is the font engine's.
import bidiFactory, { type Bidi } from 'bidi-js';

/** The package's types take its CommonJS file for an ES module. */
const bidi = (bidiFactory as unknown as () => Bidi)();

export interface Run<F> {
  readonly font: F;
  readonly text: string;
}

export interface Faces<F> {
  /** In the order of preference. */
  readonly fonts: readonly F[];
  readonly hasGlyph: (font: F, codePoint: number) => boolean;
}

/** Stands for a character that no font has. */
const MISSING = '\ufffd';
const JOINERS = /[\u200c\u200d]/;
// Marks that steer direction or choose a glyph's variant draw nothing by themselves.
const INVISIBLE = /(?![\u200c\u200d])\p{Default_Ignorable_Code_Point}/gu;

/** Line breaks and other control characters become spaces; marks without a shape go. */
export const toPrintable = (text: string): string =>
  text
    .toWellFormed()
    .normalize('NFC')
    .replace(/[\p{Cc}\u2028\u2029]/gu, ' ')
    .replace(INVISIBLE, '');

interface Level {
  readonly level: number;
  readonly text: string;
}

/** `line` has to be printable. */
export function toRuns<F>(line: string, faces: Faces<F>): readonly Run<F>[] {
  return toSeenOrder(toLevels(line)).flatMap(({ level, text }) => {
    const isLeftwards = level % 2 === 1;
    const runs = splitByFont(isLeftwards ? mirror(text) : text, faces);
    return isLeftwards ? runs.map(turn).toReversed() : runs;
  });
}

/** Neighbours of one direction; a pair of surrogates has one level. */
function toLevels(line: string): Level[] {
  const { levels } = bidi.getEmbeddingLevels(line);
  const found: { level: number; text: string }[] = [];
  let at = 0;
  for (const character of line) {
    const level = levels[at] ?? 0;
    const last = found.at(-1);
    if (last !== undefined && last.level === level) last.text += character;
    else found.push({ level, text: character });
    at += character.length;
  }
  return found;
}

/** Rule L2 of the Unicode bidirectional algorithm: from the highest level down, what lies at it or above is reversed. */
function toSeenOrder(runs: readonly Level[]): readonly Level[] {
  let seen = [...runs];
  const highest = Math.max(0, ...runs.map(({ level }) => level));
  for (let level = highest; level > 0; level -= 1) {
    const next: Level[] = [];
    let turned: Level[] = [];
    for (const run of seen) {
      if (run.level >= level) turned.unshift(run);
      else {
        next.push(...turned, run);
        turned = [];
      }
    }
    seen = [...next, ...turned];
  }
  return seen;
}

const mirror = (text: string): string =>
  Array.from(text, (character) => bidi.getMirroredCharacter(character) ?? character).join('');

// Scripts that the font engine itself sets from right to left when a run has a letter of them.
const LEFTWARDS =
  /[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}\p{Script=Thaana}\p{Script=Nko}]/u;

/** A run of signs alone has no script by which the engine would turn it. */
const turn = <F>(run: Run<F>): Run<F> =>
  LEFTWARDS.test(run.text) ? run : { ...run, text: [...run.text].toReversed().join('') };

function splitByFont<F>(text: string, faces: Faces<F>): Run<F>[] {
  const runs: { font: F; text: string }[] = [];
  for (const character of text) {
    const last = runs.at(-1);
    const found = findGlyph(character, last?.font, faces);
    if (found === undefined) continue;
    if (last !== undefined && last.font === found.font) last.text += found.text;
    else runs.push({ ...found });
  }
  return runs;
}

/** A space or sign stays in the font of what precedes it, except in the last resort's; a joiner is of use only there. */
function findGlyph<F>(
  character: string,
  current: F | undefined,
  { fonts, hasGlyph }: Faces<F>,
): Run<F> | undefined {
  const codePoint = character.codePointAt(0) ?? 0;
  const isNeutral = /[\p{Script=Common}\p{Script=Inherited}]/u.test(character);
  const isHere = current !== undefined && current !== fonts.at(-1) && hasGlyph(current, codePoint);
  if (isHere && isNeutral) return { font: current, text: character };
  if (JOINERS.test(character)) return undefined;
  const font = fonts.find((each) => hasGlyph(each, codePoint));
  if (font !== undefined) return { font, text: character };
  const last = fonts.at(-1);
  return last === undefined ? undefined : { font: last, text: MISSING };
}

const words = new Intl.Segmenter('en', { granularity: 'word' });
const characters = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Breaks between words, and within a word only when it has no line of its own; what is beyond `linesMax` ends in `…`. */
export function wrap(
  text: string,
  { linesMax, isFitting }: { linesMax: number; isFitting: (line: string) => boolean },
): readonly string[] {
  const lines: string[] = [''];
  for (const { segment } of words.segment(text)) {
    const pieces = isFitting(segment)
      ? [segment]
      : Array.from(characters.segment(segment), (piece) => piece.segment);
    for (const piece of pieces) {
      const line = `${lines.at(-1) ?? ''}${piece}`;
      if (isFitting(line.trimEnd())) lines[lines.length - 1] = line;
      else lines.push(piece.trimStart());
    }
  }
  const kept = lines.map((line) => line.trim()).slice(0, linesMax);
  if (lines.length <= linesMax) return kept;
  return [...kept.slice(0, -1), shorten(kept.at(-1) ?? '', isFitting)];
}

function shorten(line: string, isFitting: (line: string) => boolean): string {
  const pieces = Array.from(characters.segment(line), (piece) => piece.segment);
  while (pieces.length > 0 && !isFitting(`${pieces.join('')}…`)) pieces.pop();
  return `${pieces.join('')}…`;
}
