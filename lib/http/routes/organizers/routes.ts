// The organizer's family: settings, events, types, keys, devices, messages and channels.
import { channelRoutes } from './channels.ts';
import { deviceRoutes } from './devices.ts';
import { differenceRoutes } from './differences.ts';
import { eventRoutes } from './events.ts';
import { keyRoutes } from './keys.ts';
import { messageRoutes } from './messages.ts';
import { organizationRoutes } from './organization.ts';
import { ticketTypeRoutes } from './ticket-types.ts';

export const ORGANIZER_ROUTES = [
  ...organizationRoutes,
  ...eventRoutes,
  ...ticketTypeRoutes,
  ...keyRoutes,
  ...deviceRoutes,
  ...messageRoutes,
  ...channelRoutes,
  ...differenceRoutes,
];
