// The API's documentation as a page: Swagger UI's own files and our OpenAPI document, all from this machine.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { HttpAnswer } from './event.ts';

/** The only files of the package that the page needs. */
const FILES: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
};

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Swapgate API</title>
    <link rel="icon" type="image/png" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

// No validator: it would send the document to a site outside.
const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  validatorUrl: null,
  persistAuthorization: true,
});
`;

export type FindPage = (method: string, path: string) => Promise<HttpAnswer | undefined>;

export function createDocs(root: string): FindPage {
  const assets = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  return async (method, path) => {
    if (method !== 'GET' && method !== 'HEAD') return undefined;
    if (path === '/openapi.json') {
      const document = await readFile(join(root, 'openapi.json'), 'utf8').catch(() => undefined);
      return document === undefined ? undefined : toAnswer('application/json', toOwn(document));
    }
    if (path === '/docs' || path === '/docs/') return toAnswer('text/html; charset=utf-8', PAGE);
    if (path === '/docs/start.js') return toAnswer('text/javascript; charset=utf-8', START);
    const name = /^\/docs\/([\w.-]+)$/.exec(path)?.[1];
    const type = name === undefined ? undefined : FILES[name];
    return type === undefined
      ? undefined
      : toAnswer(type, await readFile(join(assets, String(name))));
  };
}

/** The document as this machine serves it: requests of the page go to where the page came from, whatever the port. */
const toOwn = (document: string): string =>
  JSON.stringify({ ...(JSON.parse(document) as object), servers: [{ url: '/' }] });

const toAnswer = (type: string, body: Buffer | string): HttpAnswer => ({
  statusCode: 200,
  headers: { 'content-type': type },
  cookies: [],
  body: Buffer.from(body),
});
