// The CDK app as the CDK command line runs it: all stacks, with bundled code and every rule of the nag packs.
// `-c stage=dev` picks a stage, `-c alarmTopicArn=…` the SNS topic that alarms tell, `-c mailFrom=…` who sends mails,
// `-c publicUrl=…` where their links lead.
import { Validations } from 'aws-cdk-lib/core';
import { createSwapgateApp } from '../lib/infra/app.ts';
import { createNagPacks } from '../lib/infra/nag.ts';

const app = createSwapgateApp({ bundle: true });
Validations.of(app).addPlugins(...createNagPacks(app));
app.synth();
