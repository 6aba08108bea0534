// The templates as the app makes them, and readable names for what their references point to.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { createSwapgateApp } from '../../lib/infra/app.ts';

export interface Resource {
  readonly Type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- a template's properties have as many types as AWS has resources
  readonly Properties: any;
  readonly Metadata?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
}

interface Output {
  readonly Value: unknown;
  readonly Export?: { readonly Name: string };
}

interface StackTemplate {
  readonly name: string;
  readonly isProtected: boolean;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, Output>>;
}

const outdirs: string[] = [];
afterAll(() => {
  for (const outdir of outdirs) rmSync(outdir, { recursive: true });
});

export function createOutdir(): string {
  const outdir = mkdtempSync(path.join(tmpdir(), 'swapgate-infra-'));
  outdirs.push(outdir);
  return outdir;
}

export function synthesize(stage?: string): readonly StackTemplate[] {
  const named = stage === undefined ? {} : { stage };
  const app = createSwapgateApp({ bundle: false, outdir: createOutdir(), ...named });
  return app.synth().stacks.map((stack) => ({
    name: stack.stackName,
    isProtected: stack.terminationProtection === true,
    ...stack.template,
  }));
}

export interface Found extends Resource {
  readonly stack: StackTemplate;
  readonly logicalId: string;
}

export const findResources = (stacks: readonly StackTemplate[], type: string): readonly Found[] =>
  stacks.flatMap((stack) =>
    Object.entries(stack.Resources)
      .filter(([, resource]) => resource.Type === type)
      .map(([logicalId, resource]) => ({ ...resource, logicalId, stack })),
  );

export function findOne(stacks: readonly StackTemplate[], type: string): Found {
  const [found, ...others] = findResources(stacks, type);
  if (found === undefined || others.length > 0) throw new Error(`not exactly one ${type}`);
  return found;
}

/** `{ 'Fn::GetAtt': ['TableCD117FA1', 'Arn'] }` → `Table.Arn`, also through the exports of other stacks. */
export function toName(stacks: readonly StackTemplate[], value: unknown): string {
  if (typeof value === 'string') return value;
  const [key, argument] = Object.entries(value as Record<string, unknown>)[0] ?? [];
  switch (key) {
    case 'Ref':
      return withoutHash(argument as string);
    case 'Fn::GetAtt':
      return (argument as string[]).map(withoutHash).join('.');
    case 'Fn::Join':
      return (argument as [string, unknown[]])[1].map((part) => toName(stacks, part)).join('');
    case 'Fn::ImportValue':
      return toName(stacks, findExport(stacks, argument as string).Value);
    case undefined:
    default:
      throw new Error(`unknown reference ${JSON.stringify(value)}`);
  }
}

const withoutHash = (logicalId: string): string => logicalId.replace(/[0-9A-F]{8}$/u, '');

function findExport(stacks: readonly StackTemplate[], name: string): Output {
  const outputs = stacks.flatMap((stack) => Object.values(stack.Outputs ?? {}));
  const found = outputs.find((output) => output.Export?.Name === name);
  if (found === undefined) throw new Error(`no stack exports ${name}`);
  return found;
}

export const asList = <T>(value: T | readonly T[]): readonly T[] =>
  Array.isArray(value) ? value : [value as T];
