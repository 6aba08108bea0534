import { describe, expect, it } from 'vitest';
import { compileFilters } from '../../lib/local/sources/filter-pattern.ts';

const RECORD = {
  eventName: 'INSERT',
  dynamodb: { NewImage: { pk: { S: 'OUT#org#1' }, n: { N: '5' } } },
};

describe('a filter pattern', () => {
  it.each([
    ['no pattern', [], true],
    ['an exact value', [{ eventName: ['INSERT'] }], true],
    ['one of several values', [{ eventName: ['REMOVE', 'INSERT'] }], true],
    ['another value', [{ eventName: ['REMOVE'] }], false],
    ['a prefix', [{ dynamodb: { NewImage: { pk: { S: [{ prefix: 'OUT#' }] } } } }], true],
    ['another prefix', [{ dynamodb: { NewImage: { pk: { S: [{ prefix: 'TKT#' }] } } } }], false],
    ['a value that exists', [{ dynamodb: { NewImage: { n: { N: [{ exists: true }] } } } }], true],
    [
      'a value that does not',
      [{ dynamodb: { OldImage: { n: { N: [{ exists: true }] } } } }],
      false,
    ],
    [
      'an absence that is one',
      [{ dynamodb: { OldImage: { n: { N: [{ exists: false }] } } } }],
      true,
    ],
    [
      'an absence that is none',
      [{ dynamodb: { NewImage: { n: { N: [{ exists: false }] } } } }],
      false,
    ],
    [
      'every field',
      [{ eventName: ['INSERT'], dynamodb: { NewImage: { n: { N: ['6'] } } } }],
      false,
    ],
    ['any of the patterns', [{ eventName: ['REMOVE'] }, { eventName: ['INSERT'] }], true],
  ])('with %s answers as Lambda would', (_name, patterns, expected) => {
    expect(compileFilters(patterns.map((one) => JSON.stringify(one)))(RECORD)).toBe(expected);
  });

  it('is refused when it asks for something that is not known here', () => {
    expect(() => compileFilters(['{"a":[{"numeric":[">",5]}]}'])).toThrow(/numeric/);
    expect(() => compileFilters(['{"a":"b"}'])).toThrow(/object or a list/);
  });
});
