// Settings, events, ticket types, keys and devices.
import { ORGANIZER_ROUTES } from '../../lib/http/routes/organizers/routes.ts';
import { serve } from '../../lib/http/serve.ts';
import { createOrganizersContainer } from '../../lib/runtime/container/organizers.ts';

export const handler = serve(ORGANIZER_ROUTES, createOrganizersContainer(process.env));
