// The importer's family.
import { contactRoutes } from './contacts.ts';
import { exportRoutes } from './export.ts';
import { importRoutes } from './imports.ts';
import { rowRoutes } from './rows.ts';
import { importedTicketRoutes } from './tickets.ts';
import { undoRoutes } from './undo.ts';

export const IMPORT_ROUTES = [
  ...importRoutes,
  ...rowRoutes,
  ...contactRoutes,
  ...undoRoutes,
  ...exportRoutes,
  ...importedTicketRoutes,
];
