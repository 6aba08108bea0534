// Marketplaces that speak the canonical protocol, each with a proof of its own.
import { createIonWorld } from '../../support/marketplaces/ion-world.ts';
import { describeMarketplace } from '../../support/marketplaces/describe-marketplace.ts';

const world = await createIonWorld();

describeMarketplace(world, 'axs');
describeMarketplace(world, 'fanxchange');
describeMarketplace(world, 'ticketmaster');
describeMarketplace(world, 'ticketnetwork');
