// The rule packs that every template has to pass; a finding fails synth. What is acknowledged, is so beside the
// resource it is about.
import { Validations } from 'aws-cdk-lib/core';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import type { App } from 'aws-cdk-lib/core';

export function addNagPacks(app: App): void {
  Validations.of(app).addPlugins(
    new AwsSolutionsChecks(app, { verbose: true }),
    new ServerlessChecks(app, { verbose: true }),
  );
}
