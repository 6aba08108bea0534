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

/**
 * Claims the block around an id that a client brought, so that no id of ours comes to lie in it; others of its ids may
 * be brought later. The condition fails when the block is one of ours.
 */
export const toSharedBlockClaim = (TableName: string, organizationId: string, block: number) => ({
  Update: {
    TableName,
    Key: idBlockKey(organizationId, block),
    UpdateExpression: 'SET kind = :kind',
    ConditionExpression: 'attribute_not_exists(pk) OR kind = :kind',
    ExpressionAttributeValues: { ':kind': 'idBlockOfClients' },
  },
});

/** The first block to try now: of this moment, or just above one that has to come before. */
export const toNextBlock = (nowMs: number, after: number): number =>
  Math.max(toIdBlock(nowMs), after + 1);
