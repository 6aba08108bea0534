// Reads fonts from the packages' folders, each once.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { FONT_FILES, type FontName } from './font-files.ts';
import type { LoadFont } from './typesetter.ts';

/** `root` has a `node_modules`: the project's folder, or what a function was deployed with. */
export function createFontLoader(root: string): LoadFont {
  const loaded = new Map<FontName, Promise<Uint8Array>>();
  return async (name) => {
    const font = loaded.get(name) ?? readFile(path.join(root, FONT_FILES[name]));
    loaded.set(name, font);
    return font;
  };
}
