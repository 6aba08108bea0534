// StubHub: tokens by OAuth2, webhooks with a fixed value, sales under review.
import { createIonWorld } from '../../support/marketplaces/ion-world.ts';
import { describeMarketplace } from '../../support/marketplaces/describe-marketplace.ts';

const world = await createIonWorld();

describeMarketplace(world, 'stubhub');
