// The fonts that tickets are set in, as files of packages. A deployed function carries them under the same path.

/** By the order in which they are asked for a character; the last one has nearly every character there is. */
export const FONT_FILES = {
  regular: 'node_modules/@embedpdf/fonts-latin/fonts/NotoSans-Regular.ttf',
  bold: 'node_modules/@embedpdf/fonts-latin/fonts/NotoSans-Bold.ttf',
  arabic: 'node_modules/@embedpdf/fonts-arabic/fonts/NotoNaskhArabic-Regular.ttf',
  hebrew: 'node_modules/@embedpdf/fonts-hebrew/fonts/NotoSansHebrew-Regular.ttf',
  anything: 'node_modules/@fontsource/unifontex/files/unifontex-latin-400-normal.woff',
} as const;

export type FontName = keyof typeof FONT_FILES;
