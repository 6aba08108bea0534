// Event filter patterns of a mapping, as far as ours may use them: exact values, `prefix` and `exists`, with alternatives
// in a list. Anything else is refused when the host starts, instead of delivering the wrong records.
import { assert } from '../../domain/assert.ts';

export type Matches = (record: unknown) => boolean;

/** Matches when one of the patterns does, or when there are none. */
export function compileFilters(patterns: readonly string[]): Matches {
  const compiled = patterns.map((pattern) => compileNode(JSON.parse(pattern)));
  return (record) => compiled.length === 0 || compiled.some((matches) => matches(record));
}

function compileNode(pattern: unknown): Matches {
  if (Array.isArray(pattern)) {
    const alternatives = pattern.map(compileAlternative);
    return (value) => alternatives.some((matches) => matches(value));
  }
  assert(
    isRecord(pattern),
    `a filter pattern is an object or a list, not ${JSON.stringify(pattern)}`,
  );
  const fields = Object.entries(pattern).map(([name, node]) => [name, compileNode(node)] as const);
  return (value) =>
    fields.every(([name, matches]) => matches(isRecord(value) ? value[name] : undefined));
}

function compileAlternative(alternative: unknown): Matches {
  if (!isRecord(alternative)) return (value) => value === alternative;
  const [operator, operand] = Object.entries(alternative)[0] ?? [];
  if (operator === 'prefix' && typeof operand === 'string') {
    return (value) => typeof value === 'string' && value.startsWith(operand);
  }
  // `exists` is about leaves: an object below the name doesn't count.
  if (operator === 'exists')
    return (value) => (value !== undefined && !isRecord(value)) === operand;
  throw new Error(`the filter ${JSON.stringify(alternative)} is not understood on one machine`);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
