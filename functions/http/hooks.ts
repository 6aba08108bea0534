// What marketplaces call at the address of their channel.
import { HOOK_ROUTES } from '../../lib/http/routes/hooks/routes.ts';
import { serve } from '../../lib/http/serve.ts';
import { createHooksContainer } from '../../lib/runtime/container/hooks.ts';

export const handler = serve(HOOK_ROUTES, createHooksContainer(process.env));
