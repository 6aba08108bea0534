// QR codes as SVG.
import { drawingSVG, qrcode } from 'bwip-js/node';

/** bwip-js draws level M unless told otherwise: readable with a seventh of the code smudged. */
export const toQrSvg = (text: string): string =>
  qrcode({ bcid: 'qrcode', text, paddingwidth: 4, paddingheight: 4 }, drawingSVG());
