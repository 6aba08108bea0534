// Compares an answer with what the story expects: every field, exactly, unless the expectation says otherwise.

export interface Rule {
  readonly rule: string;
  /** What is wrong with the value; nothing when it is right. */
  readonly faults: (value: unknown, at: string) => readonly string[];
}

const isRule = (expected: unknown): expected is Rule =>
  isObject(expected) && typeof expected['faults'] === 'function';
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const rule = (text: string, holds: (value: unknown) => boolean): Rule => ({
  rule: text,
  faults: (value, at) => (holds(value) ? [] : [`${at} is ${show(value)} and not ${text}`]),
});

export const aText = rule('a text', (value) => typeof value === 'string' && value !== '');
export const aPositiveInteger = rule(
  'a positive integer',
  (value) => Number.isSafeInteger(value) && Number(value) > 0,
);
export const aTime = rule(
  'a time',
  (value) =>
    typeof value === 'string' &&
    /^\d{4}-\d\d-\d\dT.*Z$/.test(value) &&
    !Number.isNaN(Date.parse(value)),
);
export const aTextLike = (pattern: RegExp): Rule =>
  rule(`a text like ${pattern}`, (value) => typeof value === 'string' && pattern.test(value));

/** An object with at least these fields; for answers whose other fields the story is not about. */
export const including = (fields: Readonly<Record<string, unknown>>): Rule => ({
  rule: `including ${show(fields)}`,
  faults: (value, at) =>
    isObject(value)
      ? Object.entries(fields).flatMap(([name, expected]) =>
          findFaults(value[name], expected, `${at}.${name}`),
        )
      : [`${at} is ${show(value)} and not an object`],
});

/** One of the items, wherever it stands. */
export const containing = (expected: unknown): Rule =>
  rule(
    'a list with the awaited item',
    (value) =>
      Array.isArray(value) && value.some((item) => findFaults(item, expected, '').length === 0),
  );

export function findFaults(actual: unknown, expected: unknown, at = 'body'): readonly string[] {
  if (isRule(expected)) return expected.faults(actual, at);
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) {
      return [`${at} is ${show(actual)} and not a list of ${expected.length}`];
    }
    return expected.flatMap((item, index) => findFaults(actual[index], item, `${at}[${index}]`));
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return [`${at} is ${show(actual)} and not an object`];
    const names = new Set([...Object.keys(expected), ...Object.keys(actual)]);
    return [...names].flatMap((name) => findFaults(actual[name], expected[name], `${at}.${name}`));
  }
  return Object.is(actual, expected) ? [] : [`${at} is ${show(actual)} and not ${show(expected)}`];
}

const show = (value: unknown): string => JSON.stringify(value) ?? 'absent';
