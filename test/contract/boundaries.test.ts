// Guarantees the direction of imports between the layers: plants a file with every import in every layer and compares
// what the linter refuses with the table below. So the lint rules themselves are under test, not a copy of them.
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';

const LAYERS = [
  'lib/domain',
  'lib/app',
  'lib/table',
  'lib/adapters',
  'lib/marketplaces',
  'lib/http',
  'lib/workers',
  'lib/runtime',
  'lib/infra',
  'lib/local',
  'functions',
  'bin',
  'test',
] as const;
type Layer = (typeof LAYERS)[number];

/** A planted file and the layers from which it may import; `types` marks a layer whose types alone are allowed. */
const TABLE: readonly { file: string; may: readonly Layer[]; types?: Layer }[] = [
  { file: 'lib/domain/planted.ts', may: ['lib/domain'] },
  { file: 'lib/app/planted.ts', may: ['lib/domain', 'lib/app'] },
  { file: 'lib/table/planted.ts', may: ['lib/domain', 'lib/table'], types: 'lib/app' },
  { file: 'lib/adapters/planted.ts', may: ['lib/domain', 'lib/adapters'], types: 'lib/app' },
  {
    file: 'lib/marketplaces/planted.ts',
    may: ['lib/domain', 'lib/marketplaces'],
    types: 'lib/app',
  },
  { file: 'lib/http/planted.ts', may: ['lib/domain', 'lib/app', 'lib/http'] },
  { file: 'lib/http/routes/scans/planted.ts', may: ['lib/domain', 'lib/app', 'lib/http'] },
  { file: 'lib/workers/planted.ts', may: ['lib/domain', 'lib/app', 'lib/workers'] },
  { file: 'lib/runtime/container/planted.ts', may: LAYERS.slice(0, 8) },
  { file: 'lib/infra/constructs/planted.ts', may: ['lib/infra'] },
  { file: 'lib/local/planted.ts', may: ['lib/domain', 'lib/runtime', 'lib/local', 'functions'] },
  {
    file: 'functions/http/planted.ts',
    may: ['lib/domain', 'lib/http', 'lib/workers', 'lib/runtime', 'functions'],
  },
  { file: 'bin/planted.ts', may: LAYERS.filter((layer) => layer !== 'test') },
];

const INFRA_READS = [
  'lib/table/schema.ts',
  'lib/table/keys.ts',
  'lib/table/door-keys.ts',
  'lib/table/marketplace-keys.ts',
  'lib/table/channel-keys.ts',
  'lib/http/contract.ts',
  'lib/http/contracts.ts',
];
const PORTS = 'lib/app/import-ports.ts';
const IMPURE = ['node:fs', '@aws-sdk/client-s3', '@middy/core', 'aws-cdk-lib'];

/** `file specifier` of every import that the linter refused. */
let refused: ReadonlySet<string>;
beforeAll(async () => {
  refused = await lintPlanted();
});

const toSpecifier = (file: string, target: string): string => relative(dirname(file), target);

describe.each(TABLE)('$file', ({ file, may, types }) => {
  const isRefused = (specifier: string): boolean => refused.has(`${file} ${specifier}`);
  it.each(LAYERS.filter((layer) => !isWithin(file, layer)))('and %s', (layer) => {
    expect(isRefused(toSpecifier(file, `${layer}/value.ts`))).toBe(!may.includes(layer));
    expect(isRefused(toSpecifier(file, `${layer}/type.ts`))).toBe(
      !may.includes(layer) && types !== layer,
    );
  });
  it('may not import an index file', () => expect(isRefused('./index.ts')).toBe(true));
});

describe('infra', () => {
  it.each(INFRA_READS)('reads %s', (target) => {
    const file = 'lib/infra/constructs/planted.ts';
    expect(refused).not.toContain(`${file} ${toSpecifier(file, target)}`);
    expect(refused).toContain(`lib/workers/planted.ts ${toSpecifier('lib/workers/x', target)}`);
  });
});

describe('the ports of app', () => {
  it.each(['lib/table', 'lib/adapters', 'lib/marketplaces'])('may be imported by %s', (layer) =>
    expect(refused).not.toContain(`${layer}/planted.ts ../app/import-ports.ts`),
  );
  it('may not be imported by infra', () =>
    expect(refused).toContain('lib/infra/constructs/planted.ts ../../app/import-ports.ts'));
});

describe('domain', () => {
  it.each(IMPURE)('may not import %s', (name) =>
    expect(refused).toContain(`lib/domain/planted.ts ${name}`),
  );
  it('may import zod', () => expect(refused).not.toContain('lib/domain/planted.ts zod/mini'));
});

describe('zod', () => {
  // `import { z }` defeats tree shaking and adds 350 KB to a function. A lint rule on the name refuses both forms.
  it('is imported as a namespace everywhere', async () => {
    const offenders: string[] = [];
    for (const folder of ['bin', 'functions', 'lib', 'test']) {
      for (const name of await readdir(folder, { recursive: true })) {
        const text = name.endsWith('.ts') ? await readFile(join(folder, name), 'utf8') : '';
        if (NAMED_ZOD.test(text)) offenders.push(join(folder, name));
      }
    }
    expect(offenders).toEqual([]);
  });
});

const NAMED_ZOD = /^import (?!type |\* as ).*\bz\b.* from 'zod/m;

const isWithin = (file: string, layer: string): boolean => file.startsWith(`${layer}/`);

async function lintPlanted(): Promise<ReadonlySet<string>> {
  const root = await mkdtemp(join(tmpdir(), 'swapgate-boundaries-'));
  try {
    await cp('.oxlintrc.json', join(root, '.oxlintrc.json'));
    for (const { file } of TABLE) {
      await mkdir(dirname(join(root, file)), { recursive: true });
      await writeFile(join(root, file), plant(file));
    }
    return await lint(root);
  } finally {
    await rm(root, { recursive: true });
  }
}

function plant(file: string): string {
  const targets = [...LAYERS.map((layer) => `${layer}/value.ts`), ...INFRA_READS, PORTS];
  const values = [...targets.map((target) => toSpecifier(file, target)), ...IMPURE];
  const types = LAYERS.map((layer) => toSpecifier(file, `${layer}/type.ts`));
  return [
    ...[...values, 'zod/mini', './index.ts'].map(
      (from, n) => `import { v as v${n} } from '${from}';`,
    ),
    ...types.map((from, n) => `import type { t as t${n} } from '${from}';`),
  ].join('\n');
}

interface Diagnostic {
  readonly code: string;
  readonly message: string;
  readonly filename: string;
}

async function lint(cwd: string): Promise<ReadonlySet<string>> {
  const oxlint = join(process.cwd(), 'node_modules/oxlint/bin/oxlint');
  const output = await new Promise<string>((resolve) => {
    // The exit status is 1 as intended; an output that is not JSON fails below.
    execFile(process.execPath, [oxlint, '-f', 'json'], { cwd }, (_error, stdout) =>
      resolve(stdout),
    );
  });
  const { diagnostics } = JSON.parse(output) as { diagnostics: readonly Diagnostic[] };
  return new Set(
    diagnostics
      .filter(({ code }) => code === 'eslint(no-restricted-imports)')
      .map(({ filename, message }) => `${filename} ${/^'([^']+)'/.exec(message)?.[1]}`),
  );
}
