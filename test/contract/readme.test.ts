// README repeats two tables whose source is code; a change to either has to be made in both.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROFILES } from '../../lib/domain/marketplaces/registry.ts';
import { PROBLEM_TYPES } from '../../lib/http/problem-types.ts';

const README = readFileSync('README.md', 'utf8');
const between = (name: string): string[] => {
  const section =
    README.split(`<!-- ${name}: begin -->`)[1]?.split(`<!-- ${name}: end -->`)[0] ?? '';
  return toRows(section.split('\n'));
};
const toRows = (lines: readonly string[]): string[] =>
  lines
    .filter((line) => line.startsWith('|') && !/^\|[\s|-]*\|$/.test(line))
    .map((line) => line.replaceAll(/\s+/g, ' ').trim());

describe('README', () => {
  it('has the access patterns of keys.ts', () => {
    const header = readFileSync('lib/table/keys.ts', 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('// |'))
      .map((line) => line.slice('// '.length));
    expect(header.length).toBeGreaterThan(30);
    expect(between('access patterns')).toEqual(toRows(header));
  });

  it('has every marketplace as the registry has it', () => {
    const rows = Object.values(PROFILES).map(
      ({ name, protocol, wireFormat, ownNames, authModes, nonBindingHolds, ...profile }) => {
        const code = (words: readonly string[] = []) =>
          words.map((word) => `\`${word}\``).join(', ');
        const format = profile.hasClassicFlow ? `${wireFormat}; classic: native` : wireFormat;
        const cells = [name, protocol, format, code(authModes), code(profile.credentials)];
        return `| ${[...cells, nonBindingHolds ?? '', ownNames ?? ''].join(' | ')} |`.replaceAll(
          /  +/g,
          ' ',
        );
      },
    );
    expect(between('systems').slice(1)).toEqual(rows);
  });

  it('has every problem with its status', () => {
    const rows = Object.entries(PROBLEM_TYPES).map(
      ([code, { status, title }]) => `| ${status} | \`${code}\` | ${title} |`,
    );
    expect(between('errors').slice(1)).toEqual(rows.toSorted());
  });
});
