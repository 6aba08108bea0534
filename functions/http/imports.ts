// Imports, their rows and reports, and single imported tickets.
import { IMPORT_ROUTES } from '../../lib/http/routes/imports/routes.ts';
import { serve } from '../../lib/http/serve.ts';
import { createImportsContainer } from '../../lib/runtime/container/imports.ts';

export const handler = serve(IMPORT_ROUTES, createImportsContainer(process.env));
