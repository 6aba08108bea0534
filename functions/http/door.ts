// Around the door: offline scans, scan packs, clashes, log and attendance.
import { DOOR_ROUTES } from '../../lib/http/routes/door/routes.ts';
import { serve } from '../../lib/http/serve.ts';
import { createDoorContainer } from '../../lib/runtime/container/door.ts';

export const handler = serve(DOOR_ROUTES, createDoorContainer(process.env));
