// Where a function's code comes from: bundled by esbuild for deployment, or a placeholder when only the template is
// of interest.
import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { AssetHashType, DockerImage } from 'aws-cdk-lib/core';
import type * as Esbuild from 'esbuild';

/** Path of a function's entry from the root; the file exports `handler`. */
export type Entry = `functions/${string}.ts`;

export interface CodeOptions {
  /** Leave out what a function with a bare DynamoDB client, on Lambda, never imports. */
  readonly isSlim?: boolean;
  /** Read at run time: go with the bundle, under the path that they have from the root. */
  readonly files?: readonly string[];
}

export type CodeSource = (entry: Entry, options: CodeOptions) => Code;

/**
 * Imported by the SDK only when needed, which never happens here: the chain of credential providers ends at the
 * environment, and DynamoDB has no event streams.
 */
const NEVER_IMPORTED = [
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-web-identity',
  '@aws-sdk/credential-provider-login',
  '@aws-sdk/nested-clients',
  '@smithy/credential-provider-imds',
  '@smithy/core/event-streams',
];

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

const NO_ENDPOINT_CACHE = fileURLToPath(new URL('no-endpoint-cache.ts', import.meta.url));

/**
 * CommonJS through the packages' module fields: smaller, and it loads faster than ESM of the same size.
 * @internal Exported for tests.
 */
export const toBuildOptions = (entry: string, { isSlim = false }: CodeOptions) =>
  ({
    absWorkingDir: ROOT,
    entryPoints: [entry],
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    mainFields: ['module', 'main'],
    external: isSlim ? NEVER_IMPORTED : [],
    alias: isSlim ? { '@aws-sdk/endpoint-cache': NO_ENDPOINT_CACHE } : {},
    legalComments: 'none',
    logLevel: 'warning',
    // In CommonJS `import.meta` is empty: what relies on it must not be deployed.
    logOverride: { 'empty-import-meta': 'error' },
  }) satisfies Esbuild.BuildOptions;

export const bundledCode: CodeSource = (entry, options) =>
  Code.fromAsset(ROOT, {
    // By content of the result, so that the same code is the same asset on every machine.
    assetHashType: AssetHashType.OUTPUT,
    bundling: {
      // Part of the key under which CDK remembers a bundle of this run; no container is ever started.
      image: DockerImage.fromRegistry('none'),
      command: [entry, JSON.stringify(options)],
      local: {
        tryBundle: (outputDir) => {
          const outfile = path.join(outputDir, 'index.js');
          loadEsbuild().buildSync({ ...toBuildOptions(entry, options), outfile });
          for (const file of options.files ?? []) {
            cpSync(path.join(ROOT, file), path.join(outputDir, file));
          }
          return true;
        },
      },
    },
  });

export const inlineCode: CodeSource = () => Code.fromInline('exports.handler = undefined;');

/** Loaded when it is used: a machine that only reads the template needs no bundler. */
const loadEsbuild = (): typeof Esbuild => createRequire(import.meta.url)('esbuild');
