// All stacks of Swapgate. Deployment and the one-machine host both start from here, so that they can't drift.
import { App } from 'aws-cdk-lib/core';
import { createAlarmStack } from './alarm-stack.ts';
import { createApiStack } from './api-stack.ts';
import { bundledCode, inlineCode } from './code.ts';
import { createDataStack } from './data-stack.ts';
import { DEFAULT_STAGE, toStage } from './stages.ts';
import { createWorkerStack } from './worker-stack.ts';

interface SwapgateAppProps {
  readonly outdir?: string;
  /** Else the context's `stage`. */
  readonly stage?: string;
  /** Else the context's `mailFrom`, else the stage's. */
  readonly mailFrom?: string;
  /** Of the custom domain in front of the API, else the context's `publicUrl`, else API Gateway's own. */
  readonly publicUrl?: string;
  /** Else the context's `alarmTopicArn`; without either, alarms tell nobody. */
  readonly alarmTopicArn?: string;
  /** False: templates only, at once; the functions' code is a placeholder that can't be deployed. */
  readonly bundle: boolean;
}

export function createSwapgateApp({ outdir, bundle, ...named }: SwapgateAppProps): App {
  const app = new App({
    ...(outdir === undefined ? {} : { outdir }),
    // Templates hold our resources only, and the tree file has no reader here.
    analyticsReporting: false,
    treeMetadata: false,
    // The schema check of every template takes seconds; a deployable app has it.
    builtinCloudFormationValidation: bundle,
    context: {
      // Permission for the log delivery by bucket policy: buckets have no ACLs.
      '@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy': true,
      // A stack can't take away what another one still uses.
      '@aws-cdk/core:defaultCrossStackReferences': 'strong',
    },
  });
  const stage = toStage(named.stage ?? app.node.tryGetContext('stage') ?? DEFAULT_STAGE);
  const props = { stage, code: bundle ? bundledCode : inlineCode };
  const data = createDataStack(app, props);
  const api = createApiStack(app, { ...props, data });
  const mailFrom = named.mailFrom ?? app.node.tryGetContext('mailFrom') ?? stage.mailFrom;
  const publicUrl = toPublicUrl(named.publicUrl ?? app.node.tryGetContext('publicUrl')) ?? api.url;
  const workers = createWorkerStack(app, { ...props, data, mailFrom, publicUrl });
  const topicArn: string | undefined =
    named.alarmTopicArn ?? app.node.tryGetContext('alarmTopicArn');
  createAlarmStack(app, { stage, data, api, workers, topicArn });
  return app;
}

/** Links in mails begin with it, and nobody can take a wrong one back. */
function toPublicUrl(given: string | undefined): string | undefined {
  if (given === undefined || (URL.canParse(given) && new URL(given).origin === given)) return given;
  throw new Error(`publicUrl must be like https://tickets.example, and not '${given}'.`);
}
