// The door. Stands alone, because it must stay small and fast.
import { validate } from '../../lib/http/routes/scans/validate.ts';
import { serve } from '../../lib/http/serve.ts';
import { createScansContainer } from '../../lib/runtime/container/scans.ts';

export const handler = serve([validate], createScansContainer(process.env));
