// The door. Stands alone, because it must stay small and fast.
import { SCAN_ROUTES } from '../../lib/http/routes/scans/routes.ts';
import { serve } from '../../lib/http/serve.ts';
import { createScansContainer } from '../../lib/runtime/container/scans.ts';

export const handler = serve(SCAN_ROUTES, createScansContainer(process.env));
