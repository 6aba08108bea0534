// Vivid Seats: nothing is told, so all comes by asking; XML, and failures with status 200.
import { createIonWorld } from '../../support/marketplaces/ion-world.ts';
import { describeMarketplace } from '../../support/marketplaces/describe-marketplace.ts';

const world = await createIonWorld();

describeMarketplace(world, 'vivid-seats');
