// The form that all mails share. A mail is written once as blocks and printed twice, as text and as HTML, so that the
// two always say the same. Plain HTML: no images, no scripts, nothing that calls home; tables hold data only.
import { assert } from '../assert.ts';
import { html, type Html, printHtml } from '../html.ts';
import type { Language, MailContent } from './mail.ts';

export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly Fact[] }
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'link'; readonly label: string; readonly url: string };

export interface Fact {
  readonly label: string;
  readonly value: string;
}

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  /** Cells as in the head; the last one is an amount or a number. */
  readonly rows: readonly (readonly string[])[];
  readonly sums: readonly Fact[];
}

export interface Letter {
  readonly language: Language;
  readonly subject: string;
  readonly signature: string;
  readonly blocks: readonly Block[];
}

export const toMailContent = (letter: Letter): MailContent => {
  const subject = toSubject(letter.subject);
  return { subject, text: toText(letter), html: toPage({ ...letter, subject }) };
};

/** Longest subject in characters: a header line has at most 998 bytes (RFC 5322), and screens show far less. */
const SUBJECT_CHARACTERS_MAX = 200;

function toSubject(text: string): string {
  const characters = [...toSingleLine(text)];
  if (characters.length <= SUBJECT_CHARACTERS_MAX) return characters.join('');
  return `${characters.slice(0, SUBJECT_CHARACTERS_MAX - 1).join('')}…`;
}

/** Line breaks and other control characters become spaces: a name that has them stays on its line. */
const toSingleLine = (text: string): string => text.replace(/[\s\p{Cc}]+/gu, ' ').trim();

function toText({ blocks, signature }: Letter): string {
  const parts = [...blocks.map(toTextBlock), `-- \n${toSingleLine(signature)}`];
  return `${parts.join('\n\n')}\n`;
}

function toTextBlock(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
      return block.text;
    case 'facts':
      return block.facts.map(toTextFact).join('\n');
    case 'table': {
      const { caption, rows, sums } = block.table;
      const lines = rows.map((cells) => {
        const told = cells.map(toSingleLine).filter((cell) => cell !== '');
        return `- ${told.join(' | ')}`;
      });
      return [`${caption}:`, ...lines, ...sums.map(toTextFact)].join('\n');
    }
    case 'link':
      return `${block.label}:\n${toWebUrl(block.url)}`;
  }
}

const toTextFact = ({ label, value }: Fact): string => `${label}: ${toSingleLine(value)}`;

const BODY = 'margin:0;padding:16px;background:#fff;color:#1a1a1a;font:16px/1.5 sans-serif';
const MAIN = 'max-width:600px;margin:0 auto';
const HEADING = 'font-size:22px;line-height:1.3;margin:0 0 16px';
const TABLE = 'border-collapse:collapse;margin:0 0 16px;width:100%';
const CAPTION = 'text-align:left;font-weight:bold;padding:4px 0';
const CELL = 'text-align:left;vertical-align:top;padding:6px 12px 6px 0';
const LINED_CELL = `${CELL};border-top:1px solid #ccc`;
const AMOUNT = 'text-align:right;vertical-align:top;padding:6px 0;border-top:1px solid #ccc';
const BUTTON =
  'display:inline-block;padding:10px 20px;background:#0b5394;color:#fff;text-decoration:none;border-radius:4px';
const SMALL = 'color:#555;border-top:1px solid #ccc;margin:24px 0 0;padding:12px 0 0';

function toPage({ language, subject, signature, blocks }: Letter): string {
  const page = html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${subject}</title>
      </head>
      <body style="${BODY}">
        <main style="${MAIN}">
          <h1 style="${HEADING}" dir="auto">${subject}</h1>
          ${blocks.map(toHtmlBlock)}
          <p style="${SMALL}" dir="auto">${signature}</p>
        </main>
      </body>
    </html> `;
  return printHtml(page);
}

function toHtmlBlock(block: Block): Html {
  switch (block.kind) {
    case 'paragraph':
      return toParagraph(block.text);
    case 'facts':
      return toFactTable(block.facts);
    case 'table':
      return toDataTable(block.table);
    case 'link':
      return html`<p><a href="${toWebUrl(block.url)}" style="${BUTTON}">${block.label}</a></p>`;
  }
}

const toParagraph = (text: string): Html => {
  const lines = text.split(/\r\n|\r|\n/);
  return html`<p dir="auto">
    ${lines.map((line, index) => (index === 0 ? html`${line}` : html`<br />${line}`))}
  </p>`;
};

const toFactTable = (facts: readonly Fact[]): Html =>
  html`<table style="${TABLE}">
    <tbody>
      ${facts.map(
        ({ label, value }) =>
          html`<tr>
            <th scope="row" style="${CELL}">${label}</th>
            <td style="${CELL}"><bdi>${value}</bdi></td>
          </tr>`,
      )}
    </tbody>
  </table>`;

const toCell = (cell: string, index: number, cells: readonly string[]): Html =>
  html`<td style="${index === cells.length - 1 ? AMOUNT : LINED_CELL}"><bdi>${cell}</bdi></td>`;

const toDataTable = ({ caption, head, rows, sums }: Table): Html =>
  html`<table style="${TABLE}">
    <caption style="${CAPTION}">
      ${caption}
    </caption>
    <thead>
      <tr>
        ${head.map(
          (cell, index) =>
            html`<th scope="col" style="${index === head.length - 1 ? AMOUNT : CELL}">${cell}</th>`,
        )}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (cells) =>
          html`<tr>
            ${cells.map(toCell)}
          </tr>`,
      )}
    </tbody>
    <tfoot>
      ${sums.map(
        ({ label, value }) =>
          html`<tr>
            <th scope="row" colspan="${head.length - 1}" style="${LINED_CELL}">${label}</th>
            <td style="${AMOUNT}">${value}</td>
          </tr>`,
      )}
    </tfoot>
  </table>`;

/** A link leads to the web and nowhere else: no `javascript:`, no `data:`. */
function toWebUrl(url: string): string {
  const { protocol, href } = new URL(url);
  assert(protocol === 'https:' || protocol === 'http:', 'a link in a mail leads to the web');
  return href;
}
