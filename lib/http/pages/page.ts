// The form of pages that buyers meet: plain HTML, no scripts, nothing from elsewhere, and headers that keep it so.
import { createHash } from 'node:crypto';
import { html, type Html, printHtml } from '../../domain/html.ts';
import type { Organization } from '../../domain/organization.ts';

const STYLE = `body{margin:0;background:#fff;color:#1a1a1a;font:1.125rem/1.5 system-ui,sans-serif}
main{max-width:36rem;margin:0 auto;padding:1.5rem}
h1{font-size:1.5rem;line-height:1.3}
table{border-collapse:collapse;width:100%;margin:0 0 1.5rem}
th,td{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0}
td.amount,th.amount{text-align:right;padding-right:0}
tr.sum>*{border-top:1px solid #767676;font-weight:bold}
.text{white-space:pre-line;overflow-wrap:anywhere}
button{font:inherit;font-weight:bold;padding:.6rem 1.5rem;border:2px solid #0b5394;border-radius:.3rem;background:#0b5394;color:#fff;cursor:pointer}
button:focus-visible{outline:3px solid #1a1a1a;outline-offset:2px}
footer{margin-top:2rem;padding-top:1rem;border-top:1px solid #767676;color:#4a4a4a}`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** The form leads to the provider's page, which a browser counts as its target, too. */
const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${STYLE_HASH}'`,
  "form-action 'self' https: http://127.0.0.1:*",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

export const PAGE_TYPE = 'text/html; charset=utf-8';

/** The address is as good as a key: it goes to nobody else, and no search engine keeps it. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'x-robots-tag': 'noindex, nofollow',
};

export interface PageParts {
  readonly language: Organization['language'];
  readonly title: string;
  readonly content: readonly Html[];
  readonly signature?: string | undefined;
}

/** The style stands apart from the template, which would escape it and change its hash. */
export function toPage({ language, title, content, signature }: PageParts): string {
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title}</title>
        <style></style>
      </head>
      <body>
        <main>
          <h1><bdi>${title}</bdi></h1>
          ${content}
          ${signature === undefined ? undefined : html`<footer><bdi>${signature}</bdi></footer>`}
        </main>
      </body>
    </html> `;
  return printHtml(page).replace('<style></style>', () => `<style>${STYLE}</style>`);
}
