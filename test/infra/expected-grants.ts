// What each function may do: one line per action and resource, with the partitions that it is fenced into.
const logs = (name: string) => [
  `logs:CreateLogStream on ${name}Logs.Arn`,
  `logs:PutLogEvents on ${name}Logs.Arn`,
];
const items = [
  'dynamodb:BatchGetItem on Table.Arn',
  'dynamodb:ConditionCheckItem on Table.Arn',
  'dynamodb:DeleteItem on Table.Arn',
  'dynamodb:GetItem on Table.Arn',
  'dynamodb:PutItem on Table.Arn',
  'dynamodb:Query on Table.Arn',
  'dynamodb:UpdateItem on Table.Arn',
];
const onTable = (...actions: string[]) => actions.map((one) => `dynamodb:${one} on Table.Arn`);
const toIndex = (name: string) => `dynamodb:Query on Table.Arn/index/${name}`;
const [byId, byList, byOwner] = [toIndex('byId'), toIndex('byList'), toIndex('byOwner')];
const indexes = [toIndex('byDue'), byId, byList, byOwner];
const send = 'sqs:SendMessage on ImportsQueue.Arn';
const sendMail = ['Email', 'Messages', 'Refunds', 'Links', 'Marketplace'].map(
  (name) => `sqs:SendMessage on ${name}Queue.Arn`,
);
const receive = (queue: string) =>
  ['ReceiveMessage', 'DeleteMessage', 'GetQueueAttributes'].map(
    (action) => `sqs:${action} on ${queue}Queue.Arn`,
  );
const ses = (resource: string) =>
  `ses:SendRawEmail on arn:AWS::Partition:ses:AWS::Region:AWS::AccountId:${resource} as tickets@swapgate.example`;
const mail = [
  ...items.filter((grant) => !/Delete|Condition/u.test(grant)),
  ...indexes,
  ses('identity/swapgate.example'),
  ses('configuration-set/MailConfigurationSet'),
];
const sendScans = 'sqs:SendMessage on ScansQueue.Arn';
const sendNotice = 'sqs:SendMessage on NoticesQueue.Arn';
const readStream = [
  'dynamodb:DescribeStream on Table.StreamArn',
  'dynamodb:GetRecords on Table.StreamArn',
  'dynamodb:GetShardIterator on Table.StreamArn',
  'dynamodb:ListStreams on Table.StreamArn',
];

export const EXPECTED_GRANTS: Readonly<Record<string, readonly string[]>> = {
  'functions/http/public.ts': logs('public'),
  'functions/http/organizers.ts': [...logs('organizers'), ...items, ...indexes],
  'functions/http/tickets.ts': [...logs('tickets'), ...items, byId, byList, byOwner],
  'functions/http/marketplaces.ts': [
    ...logs('marketplaces'),
    ...items,
    byId,
    byList,
    byOwner,
    sendNotice,
  ],
  'functions/http/exchanges.ts': [...logs('exchanges'), ...items, byOwner],
  'functions/http/orders.ts': [...logs('orders'), ...items, byList, byOwner],
  'functions/http/payments.ts': [...logs('payments'), ...items, byOwner],
  'functions/http/imports.ts': [
    ...logs('imports'),
    ...items,
    ...indexes,
    's3:PutObject on Uploads.Arn/uploads/*',
    's3:GetObject on Uploads.Arn/reports/*',
  ],
  'functions/http/door.ts': [
    ...logs('door'),
    ...onTable('BatchGetItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'Query', 'UpdateItem'),
    byList,
    sendScans,
  ],
  'functions/http/scans.ts': [
    ...logs('scans'),
    'dynamodb:GetItem on Table.Arn in BAR#*#*',
    'dynamodb:UpdateItem on Table.Arn in BAR#*#*',
    'dynamodb:GetItem on Table.Arn in KEY#*',
    'dynamodb:Query on Table.Arn in EVT#*#*',
    sendScans,
  ],
  'functions/http/pdfs.ts': [
    ...logs('pdfs'),
    ...onTable('BatchGetItem', 'GetItem', 'Query'),
    byId,
    byOwner,
  ],
  'functions/http/ticketswap.ts': [...logs('ticketswap'), ...items, byId, byList, byOwner],
  'functions/http/hooks.ts': [...logs('hooks'), ...items, byOwner, sendNotice],
  'functions/workers/outbound.ts': [
    ...logs('outbound'),
    ...receive('Marketplace'),
    ...onTable('BatchGetItem', 'GetItem'),
    'dynamodb:Query on Table.Arn in CHN#*',
    'dynamodb:UpdateItem on Table.Arn in LAN#*#*#*#*',
    ...['DeleteItem', 'PutItem', 'UpdateItem'].map(
      (one) => `dynamodb:${one} on Table.Arn in CAL#*`,
    ),
    'dynamodb:PutItem on Table.Arn in SAL#*#*#*',
    'dynamodb:Query on Table.Arn in LST#*#*',
    'sqs:SendMessage on MarketplaceQueue.Arn',
    'sqs:SendMessage on MarketplaceDeadLetters.Arn',
    sendNotice,
  ],
  'functions/workers/imports.ts': [
    ...logs('imports'),
    ...items,
    ...indexes,
    's3:GetObject on Uploads.Arn/uploads/*',
    's3:DeleteObject on Uploads.Arn/uploads/*',
    's3:GetObject on Uploads.Arn/reports/*',
    's3:PutObject on Uploads.Arn/reports/*',
    's3:DeleteObject on Uploads.Arn/reports/*',
    's3:AbortMultipartUpload on Uploads.Arn/reports/*',
    's3:ListBucket on Uploads.Arn',
    'sqs:ReceiveMessage on ImportsQueue.Arn',
    'sqs:DeleteMessage on ImportsQueue.Arn',
    'sqs:GetQueueAttributes on ImportsQueue.Arn',
    send,
  ],
  'functions/workers/mail.ts': [...logs('mail'), ...receive('Email'), ...mail],
  'functions/workers/refunds.ts': [
    ...logs('refunds'),
    ...receive('Refunds'),
    ...['BatchGetItem', 'GetItem', 'Query'].map((action) => `dynamodb:${action} on Table.Arn`),
    byOwner,
    'dynamodb:UpdateItem on Table.Arn in ORD#*#*',
    'dynamodb:DeleteItem on Table.Arn in PAY#*#*',
  ],
  'functions/workers/links.ts': [
    ...logs('links'),
    ...receive('Links'),
    ...['BatchGetItem', 'GetItem', 'Query'].map((action) => `dynamodb:${action} on Table.Arn`),
    byOwner,
    ...['PutItem', 'UpdateItem', 'ConditionCheckItem'].flatMap((action) => [
      `dynamodb:${action} on Table.Arn in BAR#*#*`,
      `dynamodb:${action} on Table.Arn in ORD#*#*`,
    ]),
    'dynamodb:PutItem on Table.Arn in LNK#*#*',
    'dynamodb:DeleteItem on Table.Arn in LNK#*#*',
    ...['HIS', 'IDB', 'CLA', 'OUT'].map((kind) => `dynamodb:PutItem on Table.Arn in ${kind}#*#*`),
  ],
  'functions/workers/reconcile.ts': [
    ...logs('reconcile'),
    ...receive('Reconcile'),
    ...items,
    byOwner,
  ],
  'functions/workers/notices.ts': [...logs('notices'), ...receive('Notices'), ...items, byOwner],
  'functions/workers/messages.ts': [
    ...logs('messages'),
    ...receive('Messages'),
    ...mail,
    'sqs:SendMessage on MessagesQueue.Arn',
  ],
  'functions/workers/mail-events.ts': [
    ...logs('mailevents'),
    ...receive('MailEvents'),
    'dynamodb:UpdateItem on Table.Arn in SUP#*#*',
  ],
  'functions/workers/follow-tickets.ts': [
    ...logs('followtickets'),
    ...readStream,
    'dynamodb:BatchWriteItem on Table.Arn in SCN#*#*#*',
    'dynamodb:BatchWriteItem on Table.Arn in PCK#*#*#*',
    'dynamodb:BatchWriteItem on Table.Arn in OUT#*#*',
    'dynamodb:BatchGetItem on Table.Arn in LMK#*#*',
    'dynamodb:BatchWriteItem on Table.Arn in PAS#*#*',
    'dynamodb:UpdateItem on Table.Arn in CLA#*#*',
    'dynamodb:UpdateItem on Table.Arn in ATT#*#*',
    'sqs:SendMessage on followticketsdeadletters.Arn',
  ],
  'functions/workers/scans.ts': [
    ...logs('scans'),
    'dynamodb:PutItem on Table.Arn in SCN#*#*#*',
    'dynamodb:UpdateItem on Table.Arn in ATT#*#*',
    'dynamodb:BatchGetItem on Table.Arn in GUE#*#*',
    'dynamodb:PutItem on Table.Arn in GUE#*#*',
    'dynamodb:UpdateItem on Table.Arn in GUE#*#*',
    'dynamodb:GetItem on Table.Arn in KEY#*',
    'dynamodb:UpdateItem on Table.Arn in KEY#*',
    ...receive('Scans'),
  ],
  'functions/workers/dispatch.ts': [
    ...logs('dispatch'),
    ...readStream,
    'dynamodb:BatchWriteItem on Table.Arn in OUT#*#*',
    'dynamodb:UpdateItem on Table.Arn in OUT#*#*',
    'sqs:SendMessage on dispatchdeadletters.Arn',
    send,
    ...sendMail,
  ],
  'functions/schedules/sweep.ts': [
    ...logs('sweep'),
    ...onTable('GetItem', 'UpdateItem'),
    'dynamodb:Query on Table.Arn/index/byDue',
    'dynamodb:BatchGetItem on Table.Arn in OUT#*#*',
    'dynamodb:BatchWriteItem on Table.Arn in OUT#*#*',
    'dynamodb:PutItem on Table.Arn in OUT#*#*',
    'dynamodb:UpdateItem on Table.Arn in OUT#*#*',
    'dynamodb:BatchGetItem on Table.Arn in HLD#*#*#*',
    'dynamodb:DeleteItem on Table.Arn in HEL#*#*',
    'dynamodb:BatchGetItem on Table.Arn in SAL#*#*#*',
    'dynamodb:PutItem on Table.Arn in SAL#*#*#*',
    'dynamodb:DeleteItem on Table.Arn in LST#*#*',
    'sqs:SendMessage on ReconcileQueue.Arn',
    'sqs:SendMessage on sweepdeadletters.Arn',
    'sqs:SendMessage on dispatchdeadletters.Arn',
    send,
    ...sendMail,
  ],
};
