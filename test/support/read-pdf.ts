// Reads a PDF as people and scanners do: renders each page and lets a barcode reader look at the picture.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type PDFiumDocument, PDFiumLibrary, type PDFiumPage } from '@hyzyla/pdfium';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';

const require = createRequire(import.meta.url);
prepareZXingModule({
  overrides: { wasmBinary: toArrayBuffer(require.resolve('zxing-wasm/reader/zxing_reader.wasm')) },
});
const pdfium = PDFiumLibrary.init();

export interface ReadPage {
  /** As a reader would copy it. */
  readonly text: string;
  readonly barcodes: readonly { readonly text: string; readonly format: string }[];
}

/** 144 dots an inch: less than any printer or phone has. */
const SCALE = 2;

export async function readPdf(bytes: Uint8Array): Promise<readonly ReadPage[]> {
  const document: PDFiumDocument = await (await pdfium).loadDocument(bytes);
  const pages: ReadPage[] = [];
  for (const page of document.pages()) pages.push(await readPage(page));
  document.destroy();
  return pages;
}

async function readPage(page: PDFiumPage): Promise<ReadPage> {
  const text = page.getText();
  const { data, width, height } = await page.render({ scale: SCALE, render: 'bitmap' });
  const image = { data: new Uint8ClampedArray(data), width, height, colorSpace: 'srgb' };
  const found = await readBarcodes(image, {
    formats: ['QRCode', 'Code128', 'PDF417', 'Aztec'],
    textMode: 'Plain',
  });
  const barcodes = found.map(({ text, format }) => ({ text, format }));
  return { text, barcodes };
}

function toArrayBuffer(file: string): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = readFileSync(file);
  return buffer.slice(byteOffset, byteOffset + byteLength);
}
