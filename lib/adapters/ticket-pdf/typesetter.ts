// Puts text in any script onto pages: finds the fonts that a document needs, and sets lines in them.
import fontkit, { type Font } from '@cantoo/fontkit';
import { type PDFDocument, type PDFFont, type PDFPage, rgb } from '@cantoo/pdf-lib';
import { present } from '../../domain/assert.ts';
import type { FontName } from './font-files.ts';
import { type Faces, toPrintable, toRuns, wrap } from './text-runs.ts';

export type LoadFont = (name: FontName) => Promise<Uint8Array>;

export interface Style {
  readonly size: number;
  readonly isBold?: boolean;
  /** 0 is black, 1 is white. */
  readonly gray?: number;
}

export interface Typesetter {
  readonly toLines: (
    text: string,
    style: Style,
    room: { readonly width: number; readonly linesMax: number },
  ) => readonly string[];
  readonly measure: (line: string, style: Style) => number;
  /** `y` is the base line, from the page's bottom. */
  readonly draw: (page: PDFPage, line: string, style: Style & At) => void;
}

interface At {
  readonly x: number;
  readonly y: number;
}

interface Face {
  readonly font: PDFFont;
  readonly codePoints: ReadonlySet<number>;
}

/** `texts` is all that will be set: fonts for other scripts are loaded and embedded only when something needs them. */
export async function createTypesetter(
  pdf: PDFDocument,
  loadFont: LoadFont,
  texts: readonly string[],
): Promise<Typesetter> {
  pdf.registerFontkit({ create: parseFont });
  const embed = async (name: FontName): Promise<Face> => {
    const bytes = await loadFont(name);
    const font = await pdf.embedFont(bytes, { subset: true });
    return { font, codePoints: new Set(parseFont(bytes).characterSet) };
  };
  const regular = await embed('regular');
  const bold = await embed('bold');
  const fallbacks: Face[] = [];
  const asked = new Set(texts.flatMap((text) => [...toPrintable(text)]));
  for (const name of ['arabic', 'hebrew', 'anything'] as const) {
    const faces = [regular, ...fallbacks];
    const isMissing = [...asked].some(
      (text) => !faces.some((face) => hasGlyph(face, toCode(text))),
    );
    if (isMissing) fallbacks.push(await embed(name));
  }
  return toTypesetter((isBold) => ({ fonts: [isBold ? bold : regular, ...fallbacks], hasGlyph }));
}

/** Parsed once for all documents: the font that has everything takes longer to parse than a ticket to print. */
const parsed = new WeakMap<Uint8Array, Font>();
function parseFont(bytes: Uint8Array): Font {
  const font = parsed.get(bytes) ?? (fontkit.create(bytes) as Font);
  parsed.set(bytes, font);
  return font;
}

const toCode = (character: string): number => present(character.codePointAt(0), 'no character');
const hasGlyph = ({ codePoints }: Face, codePoint: number): boolean => codePoints.has(codePoint);

function toTypesetter(toFaces: (isBold: boolean) => Faces<Face>): Typesetter {
  const toSetRuns = (line: string, { size, isBold = false }: Style) =>
    toRuns(toPrintable(line), toFaces(isBold)).map(({ font: { font }, text }) => ({
      font,
      text,
      width: font.widthOfTextAtSize(text, size),
    }));
  const measure = (line: string, style: Style): number =>
    toSetRuns(line, style).reduce((sum, { width }) => sum + width, 0);
  return {
    measure,
    toLines: (text, style, { width, linesMax }) =>
      wrap(toPrintable(text), { linesMax, isFitting: (line) => measure(line, style) <= width }),
    draw: (page, line, { x, y, gray = 0, ...style }) => {
      let left = x;
      for (const { font, text, width } of toSetRuns(line, style)) {
        const color = rgb(gray, gray, gray);
        page.drawText(text, { x: left, y, size: style.size, font, color });
        left += width;
      }
    },
  };
}
