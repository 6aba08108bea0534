// SeatGeek: envelopes of messages, orders that are patched.
import { createIonWorld } from '../../support/marketplaces/ion-world.ts';
import { describeMarketplace } from '../../support/marketplaces/describe-marketplace.ts';

const world = await createIonWorld();

describeMarketplace(world, 'seatgeek');
