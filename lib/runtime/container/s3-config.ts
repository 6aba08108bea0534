// How the bucket is addressed: engines on one machine know no bucket host names.
import type { S3ClientConfig } from '@aws-sdk/client-s3';

export const toS3Config = (env: NodeJS.ProcessEnv): S3ClientConfig => ({
  forcePathStyle: env['S3_PATH_STYLE'] === 'true',
});
