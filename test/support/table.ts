// A fresh table for a test file, made from the same schema as the deployed one.
import { inject } from 'vitest';
import { createTable, type TestTable } from './create-table.ts';

export type { TestTable } from './create-table.ts';

export const createTestTable = (): Promise<TestTable> => createTable(inject('dynamoDbEndpoint'));
