// The classic sale flows of Gametime and Ticket Evolution.
import { createIonWorld } from '../../support/marketplaces/ion-world.ts';
import { describeMarketplace } from '../../support/marketplaces/describe-marketplace.ts';

const world = await createIonWorld();

describeMarketplace(world, 'gametime');
describeMarketplace(world, 'ticket-evolution');
