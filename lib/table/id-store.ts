// Numeric id blocks: whoever writes a block's item first owns its 4,096 ids.
import { toIdBlock } from '../domain/ids.ts';
import { idBlockKey } from './keys.ts';

/** Claims a block for good; its condition fails when the block belongs to somebody else. */
export const toBlockClaim = (TableName: string, organizationId: string, block: number) => ({
  Put: {
    TableName,
    Item: { ...idBlockKey(organizationId, block), kind: 'idBlock' },
    ConditionExpression: 'attribute_not_exists(pk)',
  },
});

/** The first block to try now: of this moment, or just above one that has to come before. */
export const toNextBlock = (nowMs: number, after: number): number =>
  Math.max(toIdBlock(nowMs), after + 1);
