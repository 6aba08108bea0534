// Repairs of barcodes that a spreadsheet or a font dressed up. Applied only when the organizer asks for them.
import type { WarningCode } from './import.ts';

export const FIXES = ['stripAsterisks', 'trim', 'stripApostrophe', 'upperCase'] as const;
export type Fix = (typeof FIXES)[number];

/** What would repair a damage. Digits that a spreadsheet threw away can't be brought back, so those have none. */
export const FIX_FOR: Readonly<Partial<Record<WarningCode, Fix>>> = {
  asterisks: 'stripAsterisks',
  outerSpaces: 'trim',
  apostrophe: 'stripApostrophe',
};

/** From the outside in, whatever the order in which they were asked for. */
export function applyFixes(barcode: string, fixes: ReadonlySet<Fix>): string {
  let fixed = barcode;
  if (fixes.has('trim')) fixed = fixed.trim();
  if (fixes.has('stripApostrophe')) fixed = fixed.replace(/^'/, '');
  // One on each side: the start and stop signs of Code 39.
  if (fixes.has('stripAsterisks')) fixed = fixed.replace(/^\*([^]*)\*$/, '$1');
  if (fixes.has('trim')) fixed = fixed.trim();
  return fixes.has('upperCase') ? fixed.toUpperCase() : fixed;
}

export const isSameFixes = (one: readonly Fix[], other: readonly Fix[]): boolean =>
  FIXES.every((fix) => one.includes(fix) === other.includes(fix));
