// The functions behind the API: what each family may do, and what people notice while it fails.
import type { Construct } from 'constructs';
import { FONT_FILES } from '../adapters/ticket-pdf/font-files.ts';
import type { Family } from '../http/contract.ts';
import { barcodeKey, eventPartition, keysPartition } from '../table/keys.ts';
import { type AppFunction, createAppFunction } from './constructs/app-function.ts';
import type { AppFunctionProps, Environment } from './constructs/app-function.ts';
import type { CodeSource } from './code.ts';
import type { Data } from './data-stack.ts';
import {
  ALL_INDEXES,
  allowOnObjects,
  allowOnPartitions,
  allowOnTable,
  allowQueryOnIndexes,
  allowSend,
  ITEM_ACTIONS,
} from './grants.ts';
import type { Stage } from './stages.ts';

/** API Gateway gives up after 30 s; a function that ends before it can still say why. */
const ROUTE_SECONDS_MAX = 29;
/** A scanner asks again long before; DynamoDB's retries fit in many times over. */
const DOOR_SECONDS_MAX = 10;
/** Enough processor for a short start; measured loads don't get faster in proportion above it. */
const MEMORY_MB = 512;

interface FamilySettings extends Pick<
  AppFunctionProps,
  'description' | 'impact' | 'timeoutSeconds' | 'codeOptions'
> {
  readonly memoryMb?: number;
  readonly environment: (data: Data) => Environment;
  readonly allow: (role: AppFunction['role'], data: Data) => void;
}

const FAMILY_SETTINGS: Readonly<Record<Family, FamilySettings>> = {
  public: {
    description: 'Health, and the answer for paths that do not exist.',
    impact:
      'Health checks fail, and unknown paths get no proper answer. Nobody is kept from anything.',
    timeoutSeconds: ROUTE_SECONDS_MAX,
    environment: () => ({}),
    allow: () => undefined,
  },
  organizers: {
    description: 'Organizations, keys, devices, events and ticket types.',
    impact: 'Organizers cannot see or change their events and keys. The door keeps admitting.',
    timeoutSeconds: ROUTE_SECONDS_MAX,
    environment: ({ table }) => ({ TABLE_NAME: table.tableName }),
    allow: allowItems,
  },
  tickets: {
    description: 'Tickets and contacts: reading, blocking, reissuing, erasing.',
    impact: 'Organizers cannot see or change tickets and contacts. The door keeps admitting.',
    timeoutSeconds: ROUTE_SECONDS_MAX,
    environment: ({ table }) => ({ TABLE_NAME: table.tableName }),
    allow: (role, { table }) => {
      allowOnTable(role, table, ...ITEM_ACTIONS);
      allowQueryOnIndexes(role, table, ['byId', 'byList', 'byOwner']);
    },
  },
  orders: {
    description: 'Orders: selling, canceling, refunding, settling.',
    impact: 'Organizers cannot sell tickets or see and change orders. The door keeps admitting.',
    timeoutSeconds: ROUTE_SECONDS_MAX,
    environment: ({ table }) => ({ TABLE_NAME: table.tableName }),
    allow: (role, { table }) => {
      allowOnTable(role, table, ...ITEM_ACTIONS);
      allowQueryOnIndexes(role, table, ['byList', 'byOwner']);
    },
  },
  exchanges: {
    description: "Exchanging a ticket's type, and its quote.",
    impact: 'Organizers cannot exchange tickets. The door keeps admitting.',
    timeoutSeconds: ROUTE_SECONDS_MAX,
    environment: ({ table }) => ({ TABLE_NAME: table.tableName }),
    allow: (role, { table }) => {
      allowOnTable(role, table, ...ITEM_ACTIONS);
      allowQueryOnIndexes(role, table, ['byOwner']);
    },
  },
  payments: {
    description: 'The payment page, and what payment providers tell.',
    impact: 'Buyers cannot pay what is due, and payments that were made are booked late.',
    timeoutSeconds: ROUTE_SECONDS_MAX,
    environment: ({ table }) => ({ TABLE_NAME: table.tableName }),
    allow: (role, { table }) => {
      allowOnTable(role, table, ...ITEM_ACTIONS);
      allowQueryOnIndexes(role, table, ['byOwner']);
    },
  },
  imports: {
    description: 'Imports: upload forms, starts, progress, reports, and single imports.',
    impact: 'Organizers cannot start or follow imports. Imports that run already go on.',
    timeoutSeconds: ROUTE_SECONDS_MAX,
    environment: ({ table, uploads }) => ({
      TABLE_NAME: table.tableName,
      UPLOADS_BUCKET: uploads.bucketName,
    }),
    allow: (role, data) => {
      allowItems(role, data);
      // Whoever signs a form or a link lends it this permission.
      allowOnObjects(role, data.uploads, { actions: ['s3:PutObject'], prefix: 'uploads/' });
      allowOnObjects(role, data.uploads, { actions: ['s3:GetObject'], prefix: 'reports/' });
    },
  },
  door: {
    description: 'Around the door: offline scans, scan packs, clashes, log and attendance.',
    impact:
      'Scanners that were offline cannot sync, and organizers do not see who is inside. The door keeps admitting.',
    timeoutSeconds: ROUTE_SECONDS_MAX,
    environment: toDoorEnvironment,
    allow: (role, { table, scans }) => {
      allowOnTable(role, table, ...DOOR_ACTIONS);
      allowQueryOnIndexes(role, table, ['byList']);
      allowSend(role, scans.queue);
    },
  },
  pdfs: {
    description: 'Tickets as PDF, made when they are asked for.',
    impact: 'Buyers at TicketSwap cannot open their ticket there; they still get it by mail.',
    timeoutSeconds: ROUTE_SECONDS_MAX,
    codeOptions: { files: Object.values(FONT_FILES) },
    // Drawing tickets takes processor time, which comes with memory.
    memoryMb: 1024,
    environment: ({ table }) => ({ TABLE_NAME: table.tableName }),
    allow: (role, { table }) => {
      const actions = ['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'] as const;
      allowOnTable(role, table, ...actions);
      allowQueryOnIndexes(role, table, ['byId', 'byOwner']);
    },
  },
  ticketswap: {
    description: 'What TicketSwap calls: validation, swaps, locks.',
    impact: 'Tickets cannot be resold at TicketSwap with a new barcode. The door keeps admitting.',
    timeoutSeconds: ROUTE_SECONDS_MAX,
    environment: ({ table }) => ({ TABLE_NAME: table.tableName }),
    allow: (role, { table }) => {
      allowOnTable(role, table, ...ITEM_ACTIONS);
      allowQueryOnIndexes(role, table, ['byId', 'byList', 'byOwner']);
    },
  },
  hooks: {
    description: 'What marketplaces call at the address of their channel: holds, sales.',
    impact: 'Marketplaces that prove themselves by signatures cannot hold or buy tickets.',
    timeoutSeconds: ROUTE_SECONDS_MAX,
    environment: toIntakeEnvironment,
    allow: (role, { table, notices }) => {
      allowOnTable(role, table, ...ITEM_ACTIONS);
      allowQueryOnIndexes(role, table, ['byOwner']);
      allowSend(role, notices.queue);
    },
  },
  marketplaces: {
    description: 'Listings, and what marketplaces ask for: availability, holds, invoices.',
    impact: 'Marketplaces cannot hold or sell tickets. The door keeps admitting.',
    timeoutSeconds: ROUTE_SECONDS_MAX,
    environment: toIntakeEnvironment,
    allow: (role, { table, notices }) => {
      allowOnTable(role, table, ...ITEM_ACTIONS);
      allowQueryOnIndexes(role, table, ['byId', 'byList', 'byOwner']);
      allowSend(role, notices.queue);
    },
  },
  scans: {
    description: 'The door: admits each ticket once.',
    impact: 'Scanners get no answer: people wait at the door until devices go offline.',
    timeoutSeconds: DOOR_SECONDS_MAX,
    codeOptions: { isSlim: true },
    environment: toDoorEnvironment,
    allow: (role, { table, scans }) => {
      allowSend(role, scans.queue);
      allowOnPartitions(role, table, {
        actions: ['dynamodb:GetItem', 'dynamodb:UpdateItem'],
        partitions: barcodeKey('*', '*').pk,
      });
      allowOnPartitions(role, table, {
        actions: ['dynamodb:GetItem'],
        partitions: keysPartition('*'),
      });
      allowOnPartitions(role, table, {
        actions: ['dynamodb:Query'],
        partitions: eventPartition('*', '*'),
      });
    },
  },
};

/** Offline scans are written in a transaction with their clash; everything else is read. */
const DOOR_ACTIONS = [
  'dynamodb:GetItem',
  'dynamodb:BatchGetItem',
  'dynamodb:Query',
  'dynamodb:PutItem',
  'dynamodb:UpdateItem',
  'dynamodb:ConditionCheckItem',
] as const;

function toDoorEnvironment({ table, scans }: Data): Environment {
  return { TABLE_NAME: table.tableName, SCANS_QUEUE_URL: scans.queue.queueUrl };
}

function toIntakeEnvironment({ table, notices }: Data): Environment {
  return { TABLE_NAME: table.tableName, NOTICES_QUEUE_URL: notices.queue.queueUrl };
}

function allowItems(role: AppFunction['role'], { table }: Data): void {
  allowOnTable(role, table, ...ITEM_ACTIONS);
  allowQueryOnIndexes(role, table, ALL_INDEXES);
}

interface FamilyFunctionProps {
  readonly stage: Stage;
  readonly code: CodeSource;
  readonly data: Data;
}

export function createFamilyFunction(
  scope: Construct,
  family: Family,
  { stage, code, data }: FamilyFunctionProps,
): AppFunction {
  const { environment, allow, ...settings } = FAMILY_SETTINGS[family];
  const made = createAppFunction(scope, family, {
    memoryMb: MEMORY_MB,
    ...settings,
    stage,
    code,
    entry: `functions/http/${family}.ts`,
    environment: environment(data),
  });
  allow(made.role, data);
  return made;
}
