// The table's stream: log, attendance and the feed of scan packs.
import { createFollowerContainer } from '../../lib/runtime/container/follow-tickets.ts';
import { createTicketFollower } from '../../lib/workers/follow-tickets.ts';

export const handler = createTicketFollower(createFollowerContainer(process.env));
