// What a spreadsheet may have done to the barcodes of a file, told before anything is written. Damage warns only.
import { FIX_FOR } from './fixes.ts';
import type { Warning, WarningCode } from './import.ts';
import { parsePrice } from './price.ts';

/** Damaged cells that are shown of each kind. */
const EXAMPLES_MAX = 3;
/** An example is shown up to here; a longer cell is no barcode anyway. */
const EXAMPLE_CHARACTERS_MAX = 128;

const SIGNS: readonly (readonly [WarningCode, RegExp])[] = [
  ['scientificNotation', /^\s*[+-]?\d+(?:[.,]\d+)?E[+-]?\d+\s*$/i],
  ['apostrophe', /^'/],
  ['formulaSign', /^[=+\-@]/],
  ['asterisks', /^\*[^]*\*$/],
  ['outerSpaces', /^\s|\s$/],
];

/** Digits that a spreadsheet takes away at most are seldom more than three, and short numbers are no barcodes. */
const LOST_ZEROS_MAX = 3;
const NUMBER_DIGITS_MIN = 8;
const DIGITS_TRACKED_MAX = 40;

export interface DamageColumns {
  readonly barcode: number | undefined;
  readonly price: number | undefined;
  readonly currencyDigits: number;
}

/** Counts damage row by row in constant memory; `toWarnings` tells it at the end. */
export function createDamageCount({ barcode, price, currencyDigits }: DamageColumns) {
  const found = new Map<WarningCode, { count: number; readonly examples: string[] }>();
  const byDigits = new Map<number, { count: number; readonly examples: string[] }>();
  const note = <K>(
    into: Map<K, { count: number; readonly examples: string[] }>,
    key: K,
    cell: string,
  ): void => {
    const entry = into.get(key) ?? { count: 0, examples: [] };
    entry.count += 1;
    if (entry.examples.length < EXAMPLES_MAX)
      entry.examples.push(cell.slice(0, EXAMPLE_CHARACTERS_MAX));
    into.set(key, entry);
  };
  const toWarning = (
    code: WarningCode,
    column: number,
    entry: { count: number; readonly examples: string[] },
  ): Warning => ({
    code,
    column,
    count: entry.count,
    examples: entry.examples.slice(0, EXAMPLES_MAX),
    ...(FIX_FOR[code] === undefined ? {} : { fix: FIX_FOR[code] }),
  });

  return {
    add(cells: readonly string[]): void {
      const code = barcode === undefined ? '' : (cells[barcode] ?? '');
      if (code !== '') {
        for (const [sign, pattern] of SIGNS) if (pattern.test(code)) note(found, sign, code);
        if (code.length <= DIGITS_TRACKED_MAX && /^\d+$/.test(code))
          note(byDigits, code.length, code);
      }
      const amount = price === undefined ? '' : (cells[price] ?? '').trim();
      if (amount !== '' && parsePrice(amount, currencyDigits) === undefined) {
        note(found, 'priceNotANumber', amount);
      }
    },
    toWarnings(): Warning[] {
      const warnings = [...found].map(([code, entry]) =>
        toWarning(code, (code === 'priceNotANumber' ? price : barcode) ?? 0, entry),
      );
      const lost = findLostZeros(byDigits);
      if (lost !== undefined) warnings.push(toWarning('lostLeadingZeros', barcode ?? 0, lost));
      return warnings;
    },
  };
}

/** Where most numbers have one length, somewhat shorter ones have probably lost their zeros. */
function findLostZeros(
  byDigits: ReadonlyMap<number, { count: number; readonly examples: string[] }>,
) {
  const total = byDigits.values().reduce((sum, { count }) => sum + count, 0);
  const [usual, most] = [...byDigits].toSorted((a, b) => b[1].count - a[1].count)[0] ?? [];
  if (usual === undefined || most === undefined) return undefined;
  if (usual < NUMBER_DIGITS_MIN || most.count * 2 <= total) return undefined;
  const shorter = [...byDigits].filter(
    ([digits]) => digits < usual && digits >= usual - LOST_ZEROS_MAX,
  );
  if (shorter.length === 0) return undefined;
  return {
    count: shorter.reduce((sum, [, { count }]) => sum + count, 0),
    examples: shorter.flatMap(([, { examples }]) => examples),
  };
}
