// Health, and the answer for paths that don't exist. Needs no table and has no permissions.
import { refuse } from '../../lib/domain/result.ts';
import { getHealth } from '../../lib/http/routes/public/get-health.ts';
import { serve } from '../../lib/http/serve.ts';
import { createLogger } from '../../lib/runtime/logger.ts';

export const handler = serve([getHealth], {
  access: { authenticate: async () => refuse('unauthorized') },
  limiter: () => refuse('rate_limited'),
  clock: Date.now,
  logger: createLogger(),
});
