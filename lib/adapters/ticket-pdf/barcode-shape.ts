// A barcode as polygons, drawn by the package into coordinates instead of pixels.
import {
  azteccode,
  code128,
  type DrawingContext,
  pdf417,
  qrcode,
  type RenderOptions,
} from 'bwip-js/node';
import { type Symbology, toDrawnSymbology } from '../../domain/symbology.ts';

type Point = readonly [x: number, y: number];

export interface BarcodeShape {
  readonly symbology: Symbology;
  /** In units of the polygons; y grows downwards. */
  readonly width: number;
  readonly height: number;
  /** Filled together by the even-odd rule. */
  readonly polygons: readonly (readonly Point[])[];
}

type Encode = (options: RenderOptions, drawing: DrawingContext<BarcodeShape>) => BarcodeShape;

interface EncoderOptions {
  readonly bcid: string;
  readonly [name: string]: string | number;
}

/** Of the thinnest bar in a linear barcode. Even, because the package places bars by their middle, in whole units. */
export const UNITS_PER_BAR = 2;
/** Rows of a PDF417 are three bars high (ISO/IEC 15438). */
const ENCODERS: Readonly<
  Record<Symbology, { readonly encode: Encode; readonly options: EncoderOptions }>
> = {
  QR: { encode: qrcode, options: { bcid: 'qrcode', eclevel: 'M' } },
  AZTEC: { encode: azteccode, options: { bcid: 'azteccode' } },
  PDF417: { encode: pdf417, options: { bcid: 'pdf417', rowmult: 3 } },
  CODE128: { encode: code128, options: { bcid: 'code128', height: 20 } },
};

/** The barcode in the symbology that is wanted, or as QR code where that can't carry it. */
export function toBarcodeShape(barcode: string, wanted: Symbology): BarcodeShape {
  const symbology = toDrawnSymbology(barcode, wanted);
  const { encode, options } = ENCODERS[symbology];
  return encode({ ...options, ...toText(barcode), scale: UNITS_PER_BAR }, collect(symbology));
}

const ASCII = /^[\u0020-\u007e]+$/;

/** Text beyond ASCII goes with its encoding (ECI 26 is UTF-8), so that no reader has to guess it. */
const toText = (barcode: string): Pick<RenderOptions, 'text' | 'parsefnc'> =>
  ASCII.test(barcode)
    ? { text: barcode }
    : { text: `^ECI000026${barcode.replaceAll('^', '^^')}`, parsefnc: true };

function collect(symbology: Symbology): DrawingContext<BarcodeShape> {
  let size = { width: 0, height: 0 };
  const polygons: (readonly Point[])[] = [];
  return {
    scale: () => null,
    measure: () => ({ width: 0, ascent: 0, descent: 0 }),
    init: (width, height) => {
      size = { width, height };
    },
    line: (x, y0, _x1, y1, width) => {
      const [left, right] = [x - width / 2, x + width / 2];
      const [top, bottom] = [Math.min(y0, y1), Math.max(y0, y1) + 1];
      polygons.push([
        [left, top],
        [right, top],
        [right, bottom],
        [left, bottom],
      ]);
    },
    polygon: (points) => {
      polygons.push(points);
    },
    hexagon: () => undefined,
    ellipse: () => undefined,
    fill: () => undefined,
    text: () => undefined,
    end: () => ({ symbology, ...size, polygons }),
  };
}
