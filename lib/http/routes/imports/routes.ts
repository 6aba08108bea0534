// The importer's family.
import { contactRoutes } from './contacts.ts';
import { importRoutes } from './imports.ts';
import { rowRoutes } from './rows.ts';
import { importedTicketRoutes } from './tickets.ts';

export const IMPORT_ROUTES = [
  ...importRoutes,
  ...rowRoutes,
  ...contactRoutes,
  ...importedTicketRoutes,
];
