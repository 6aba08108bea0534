// What differs between stages, and nothing else does.
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

export interface Stage {
  readonly name: string;
  /** Table and bucket survive the removal of their stack, and neither can be deleted by mistake. */
  readonly isProtected: boolean;
  readonly logRetention: RetentionDays;
  /** Sends every mail unless the context's `mailFrom` names another one; its domain is verified in SES by hand. */
  readonly mailFrom: string;
}

const STAGES: Readonly<Record<string, Stage>> = {
  dev: {
    name: 'dev',
    isProtected: false,
    logRetention: RetentionDays.ONE_WEEK,
    mailFrom: 'tickets@dev.swapgate.example',
  },
  prod: {
    name: 'prod',
    isProtected: true,
    logRetention: RetentionDays.ONE_MONTH,
    mailFrom: 'tickets@swapgate.example',
  },
};

/** The stage when none is named: the one in which nothing can be lost. */
export const DEFAULT_STAGE = 'prod';

export function toStage(name: string): Stage {
  const stage = STAGES[name];
  if (stage === undefined) {
    throw new Error(`There is no stage '${name}'; use one of ${Object.keys(STAGES).join(', ')}.`);
  }
  return stage;
}
