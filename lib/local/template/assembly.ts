// Reads a synthesized cloud assembly: every stack's template, as the deployment would get it. Nothing else tells the
// one-machine host what exists.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Resource {
  readonly stackName: string;
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface StackTemplate {
  readonly stackName: string;
  readonly resources: ReadonlyMap<string, Resource>;
  /** Values of the template's parameters: their defaults, there is nobody to ask. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Unresolved value of each export, by its (resolved or unresolved) name. */
  readonly exports: readonly { readonly name: unknown; readonly value: unknown }[];
}

interface Manifest {
  readonly artifacts?: Readonly<Record<string, Artifact>>;
}
interface Artifact {
  readonly type: string;
  readonly properties?: {
    readonly templateFile?: string;
    readonly stackName?: string;
    readonly directoryName?: string;
  };
}
interface TemplateFile {
  readonly Resources?: Readonly<
    Record<
      string,
      { Type: string; Properties?: Record<string, unknown>; Metadata?: Record<string, unknown> }
    >
  >;
  readonly Parameters?: Readonly<Record<string, { Default?: unknown }>>;
  readonly Outputs?: Readonly<Record<string, { Value: unknown; Export?: { Name: unknown } }>>;
}

export function readAssembly(directory: string): readonly StackTemplate[] {
  const manifest = readJson<Manifest>(join(directory, 'manifest.json'));
  return Object.entries(manifest.artifacts ?? {}).flatMap(([id, { type, properties }]) => {
    if (type === 'cdk:cloud-assembly' && properties?.directoryName !== undefined) {
      return readAssembly(join(directory, properties.directoryName));
    }
    if (type !== 'aws:cloudformation:stack' || properties?.templateFile === undefined) return [];
    const file = readJson<TemplateFile>(join(directory, properties.templateFile));
    return [toStackTemplate(properties.stackName ?? id, file)];
  });
}

/** @internal Exported for tests. */
export function toStackTemplate(stackName: string, file: TemplateFile): StackTemplate {
  const resources = Object.entries(file.Resources ?? {}).map(([logicalId, resource]) => ({
    stackName,
    logicalId,
    type: resource.Type,
    properties: resource.Properties ?? {},
    metadata: resource.Metadata ?? {},
  }));
  return {
    stackName,
    resources: new Map(resources.map((resource) => [resource.logicalId, resource])),
    parameters: Object.fromEntries(
      Object.entries(file.Parameters ?? {}).map(([name, { Default }]) => [name, Default]),
    ),
    exports: Object.values(file.Outputs ?? {}).flatMap((output) =>
      output.Export === undefined ? [] : [{ name: output.Export.Name, value: output.Value }],
    ),
  };
}

export const resourcesOf = (
  stacks: readonly StackTemplate[],
  ...types: readonly string[]
): readonly Resource[] =>
  stacks.flatMap((stack) =>
    [...stack.resources.values()].filter(({ type }) => types.includes(type)),
  );

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
