// Cells that a spreadsheet would run as a formula get an apostrophe in front; a cell that begins with an apostrophe
// gets one more, so that taking one away always gives the cell back exactly. A quote in front needs none: CSV's own
// quoting keeps it, and no spreadsheet runs what begins with it.

/** Also the full-width signs, and control characters that some programs drop before they look at what follows. */
const RISKY = /^[=+\-@＝＋－＠\t\r\n']/;

export const isRiskyCell = (cell: string): boolean => RISKY.test(cell);
export const escapeCell = (cell: string): string => (isRiskyCell(cell) ? `'${cell}` : cell);
export const unescapeCell = (cell: string): string => (cell.startsWith("'") ? cell.slice(1) : cell);
