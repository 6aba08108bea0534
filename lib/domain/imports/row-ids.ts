// Which ticket id a row of an import has.
import { ID_BLOCK_SIZE } from '../ids.ts';

/** A row's id is its place in the import's own blocks: a retry makes the same ticket. */
export const toBlockIndex = (row: number): number => Math.floor((row - 1) / ID_BLOCK_SIZE);
export const toBlockPosition = (row: number): number => (row - 1) % ID_BLOCK_SIZE;
