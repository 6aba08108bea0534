// The rule packs that every template has to pass; a finding fails synth. What is acknowledged, is so beside the
// resource that it is about, with its reason.
import type { App } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks, type NagPack, ServerlessChecks } from 'cdk-nag';

export const createNagPacks = (app: App): readonly NagPack[] => [
  new AwsSolutionsChecks(app, { verbose: true }),
  new ServerlessChecks(app, { verbose: true }),
];
