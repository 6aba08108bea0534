import { describe, expect, it } from 'vitest';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { createTestTable } from '../support/table.ts';

describe('the table', () => {
  it('is made by the engine from the schema', async () => {
    const { bare, tableName } = await createTestTable();
    const { Table } = await bare.send(new DescribeTableCommand({ TableName: tableName }));
    expect(Table?.GlobalSecondaryIndexes?.map((index) => index.IndexName).toSorted()).toEqual([
      'byDue',
      'byId',
      'byList',
      'byOwner',
    ]);
  });
});
