// CloudFormation's intrinsic functions, as far as a property that the host reads may use them. An unknown function or
// attribute is an error: guessing would let the local system drift away from the deployed one.
import { assert, present } from '../../domain/assert.ts';
import type { Resource, StackTemplate } from './assembly.ts';
import { ACCOUNT_ID, attributesOf, type Made, nameOf, NAME_PROPERTY, REGION } from './place.ts';

/** Resolves a property of this resource; `undefined` where the property is absent or AWS::NoValue. */
export type Resolve = (resource: Resource, property: string) => unknown;

export interface Resolver {
  readonly property: Resolve;
  readonly name: (resource: Resource) => string;
}

// oxlint-disable-next-line eslint/max-lines-per-function -- small functions that call each other over one set of stacks
export function createResolver(stacks: readonly StackTemplate[], made: Made): Resolver {
  const byName = new Map(stacks.map((stack) => [stack.stackName, stack]));

  const name = (resource: Resource): string => {
    const property = NAME_PROPERTY[resource.type];
    return nameOf(
      resource,
      property === undefined ? undefined : inner(resource.properties[property], resource.stackName),
    );
  };

  const attribute = (stackName: string, logicalId: string, attributeName: string): string => {
    const resource = present(
      byName.get(stackName)?.resources.get(logicalId),
      `no resource ${logicalId} in ${stackName}`,
    );
    const read = attributesOf(resource, name(resource), made)[attributeName];
    return present(
      read,
      `${resource.type} ${logicalId} has no attribute ${attributeName} on one machine`,
    )();
  };

  const ref = (stackName: string, id: string): unknown => {
    if (id.startsWith('AWS::')) return pseudoParameter(id, stackName);
    const parameters = byName.get(stackName)?.parameters ?? {};
    return id in parameters ? parameters[id] : attribute(stackName, id, 'Ref');
  };

  const imported = (exportName: unknown): unknown => {
    for (const stack of stacks) {
      const found = stack.exports.find(
        (entry) => inner(entry.name, stack.stackName) === exportName,
      );
      if (found !== undefined) return inner(found.value, stack.stackName);
    }
    throw new Error(`no stack exports ${String(exportName)}`);
  };

  const substitute = (argument: unknown, stackName: string): string => {
    const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
    return String(text).replace(/\$\{(!?)([^}]+)\}/g, (_all, literal: string, variable: string) => {
      if (literal === '!') return `\${${variable}}`;
      if (variable in variables) return String(inner(variables[variable], stackName));
      const [logicalId = '', ...path] = variable.split('.');
      return String(
        path.length === 0
          ? ref(stackName, logicalId)
          : attribute(stackName, logicalId, path.join('.')),
      );
    });
  };

  const call = (fn: string, argument: unknown, stackName: string): unknown => {
    const resolved = (value: unknown): unknown[] => inner(value, stackName) as unknown[];
    switch (fn) {
      case 'Ref':
        return ref(stackName, String(argument));
      case 'Fn::GetAtt': {
        const [logicalId = '', ...path] = Array.isArray(argument)
          ? argument
          : String(argument).split('.');
        return attribute(stackName, logicalId, path.join('.'));
      }
      case 'Fn::Sub':
        return substitute(argument, stackName);
      case 'Fn::Join': {
        const [separator, parts] = resolved(argument);
        return (parts as unknown[]).join(String(separator));
      }
      case 'Fn::Select': {
        const [index, list] = resolved(argument);
        return (list as unknown[])[Number(index)];
      }
      case 'Fn::Split': {
        const [separator, text] = resolved(argument);
        return String(text).split(String(separator));
      }
      case 'Fn::ImportValue':
        return imported(inner(argument, stackName));
      default:
        throw new Error(`${fn} is not understood on one machine`);
    }
  };

  function inner(value: unknown, stackName: string): unknown {
    if (Array.isArray(value))
      return value.map((item) => inner(item, stackName)).filter((item) => item !== undefined);
    if (typeof value !== 'object' || value === null) return value;
    const entries = Object.entries(value);
    const [only] = entries;
    if (
      entries.length === 1 &&
      only !== undefined &&
      (only[0] === 'Ref' || only[0].startsWith('Fn::'))
    ) {
      return call(only[0], only[1], stackName);
    }
    const resolved = entries.map(([key, item]) => [key, inner(item, stackName)] as const);
    return Object.fromEntries(resolved.filter(([, item]) => item !== undefined));
  }

  return {
    property: (resource, property) => inner(resource.properties[property], resource.stackName),
    name,
  };
}

function pseudoParameter(id: string, stackName: string): string | undefined {
  const values: Readonly<Record<string, string | undefined>> = {
    'AWS::Region': REGION,
    'AWS::AccountId': ACCOUNT_ID,
    'AWS::Partition': 'aws',
    'AWS::URLSuffix': 'amazonaws.com',
    'AWS::StackName': stackName,
    'AWS::NoValue': undefined,
  };
  assert(id in values, `${id} is not understood on one machine`);
  return values[id];
}
