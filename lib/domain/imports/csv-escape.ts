// Cells that a spreadsheet would run as a formula get an apostrophe in front; a cell that begins with an apostrophe
// gets one more, so that taking one away always gives the cell back exactly.

const RISKY = /^[=+\-@\t\r']/;

export const isRiskyCell = (cell: string): boolean => RISKY.test(cell);
export const escapeCell = (cell: string): string => (isRiskyCell(cell) ? `'${cell}` : cell);
export const unescapeCell = (cell: string): string => (cell.startsWith("'") ? cell.slice(1) : cell);
