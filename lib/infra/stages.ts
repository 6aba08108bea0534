// What differs between stages, and nothing else does.
import { RetentionDays } from 'aws-cdk-lib/aws-logs';

export interface Stage {
  readonly name: string;
  /** Table and bucket survive the removal of their stack, and neither can be deleted by mistake. */
  readonly isProtected: boolean;
  readonly logRetention: RetentionDays;
}

const STAGES: Readonly<Record<string, Stage>> = {
  dev: { name: 'dev', isProtected: false, logRetention: RetentionDays.ONE_WEEK },
  prod: { name: 'prod', isProtected: true, logRetention: RetentionDays.ONE_MONTH },
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
