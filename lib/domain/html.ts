// HTML by a template that escapes: whatever is put into it is text, except what another such template made.

const MARKUP = Symbol('markup');

export interface Html {
  readonly [MARKUP]: string;
}

type Part = string | number | undefined | Html | readonly Html[];

// oxlint-disable-next-line no-control-regex -- HTML knows no control characters besides tab and line breaks
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escape = (text: string): string =>
  text.replace(CONTROL, '').replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);

/** Nothing for undefined, so that an optional part is `condition ? html`…` : undefined`. Attributes need double quotes. */
export const html = (strings: TemplateStringsArray, ...parts: readonly Part[]): Html => ({
  [MARKUP]: strings.reduce((text, string, index) => text + toMarkup(parts[index - 1]) + string),
});

function toMarkup(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return MARKUP in part ? part[MARKUP] : part.map(printHtml).join('');
}

export const printHtml = (part: Html): string => part[MARKUP];
