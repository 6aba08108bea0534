// What the function is made of that prints tickets.
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createFontLoader } from '../../adapters/ticket-pdf/load-font.ts';
import { createTicketPdf } from '../../adapters/ticket-pdf/ticket-pdf.ts';
import type { PrintDeps } from '../../app/swaps/print-ticket.ts';
import type { PipelineDeps } from '../../http/pipeline.ts';
import { toRoot } from '../root.ts';
import { createTicketswapContainer } from './ticketswap.ts';

export const createPdfsContainer = (
  env: NodeJS.ProcessEnv,
  bare = new DynamoDBClient({}),
): PipelineDeps & PrintDeps => ({
  ...createTicketswapContainer(env, bare),
  printTickets: createTicketPdf(createFontLoader(toRoot(env))),
});
