import { describe, expect, it } from 'vitest';
import { EXPECTED_GRANTS } from './expected-grants.ts';
import { asList, findResources, type Found, synthesize, toName } from './synthesized.ts';

const stacks = synthesize();
const functions = findResources(stacks, 'AWS::Lambda::Function');
const policies = findResources(stacks, 'AWS::IAM::Policy');

interface Statement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const toEntry = (fn: Found): string => fn.Metadata?.['swapgate:entry'] as string;

const toStatements = (fn: Found): readonly Statement[] => {
  const role = toName([fn.stack], fn.Properties.Role).replace('.Arn', '');
  return policies
    .filter(({ stack }) => stack === fn.stack)
    .filter(({ Properties }) => toName(stacks, Properties.Roles[0]) === role)
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
};

/** One line per action and resource, with the partitions that it is fenced into. */
function toGrants(entry: string): readonly string[] {
  const fn = functions.find((each) => toEntry(each) === entry);
  if (fn === undefined) throw new Error(`no function ${entry}`);
  const grants = toStatements(fn).flatMap(({ Action, Resource, Condition }) => {
    const leading = Condition?.['ForAllValues:StringLike']?.['dynamodb:LeadingKeys'];
    const sender = Condition?.['StringEquals']?.['ses:FromAddress'];
    const fence = [
      leading === undefined ? '' : ` in ${asList(leading as string).join()}`,
      typeof sender === 'string' ? ` as ${sender}` : '',
    ].join('');
    return asList(Action).flatMap((action) =>
      asList(Resource).map((resource) => `${action} on ${toName(stacks, resource)}${fence}`),
    );
  });
  return grants.toSorted();
}

describe('permissions of functions', () => {
  it('covers every function', () => {
    expect(functions.map(toEntry).toSorted()).toEqual(Object.keys(EXPECTED_GRANTS).toSorted());
  });

  it.each(Object.entries(EXPECTED_GRANTS))('gives %s exactly what it needs', (entry, expected) => {
    expect(toGrants(entry)).toEqual([...expected].toSorted());
  });

  it('has no wildcard in an action, and none in a resource but behind a prefix of the bucket', () => {
    const grants = Object.keys(EXPECTED_GRANTS).flatMap(toGrants);
    const resources = grants.map((grant) => grant.replace(/ in .*$/u, ''));
    expect(
      resources.filter((grant) => grant.includes('*') && !/\/(uploads|reports)\/\*$/u.test(grant)),
    ).toEqual([]);
  });

  it('allows only, and refuses a call that names no partition where there is a fence', () => {
    const statements = functions.flatMap(toStatements);
    expect(new Set(statements.map(({ Effect }) => Effect))).toEqual(new Set(['Allow']));
    const isFenced = ({ Condition }: Statement) => Condition?.['Null'] !== undefined;
    const fenced = statements.filter(isFenced);
    expect(fenced).toHaveLength(35);
    expect(statements.filter(({ Condition }) => Condition !== undefined)).toHaveLength(37);
    for (const { Condition } of fenced) {
      expect(Condition?.['Null']).toEqual({ 'dynamodb:LeadingKeys': 'false' });
    }
  });

  it('gives each function a role of its own, without managed policies', () => {
    const roles = findResources(stacks, 'AWS::IAM::Role');
    expect(roles).toHaveLength(functions.length);
    for (const role of roles) expect(role.Properties).not.toHaveProperty('ManagedPolicyArns');
  });
});
