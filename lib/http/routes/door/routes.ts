// Around the door: what scanners exchange while nobody waits, and what the organizer sees of it.
import { getAttendance, listScans } from './attendance.ts';
import { validateBatch } from './batch.ts';
import { listClashes } from './clashes.ts';
import { getScanPack } from './scan-pack.ts';

export const DOOR_ROUTES = [validateBatch, getScanPack, getAttendance, listScans, listClashes];
