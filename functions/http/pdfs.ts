// Tickets as PDF. Apart from the other functions, because it loads a lot.
import { getPdf } from '../../lib/http/routes/pdfs/get-pdf.ts';
import { serve } from '../../lib/http/serve.ts';
import { createPdfsContainer } from '../../lib/runtime/container/pdfs.ts';

export const handler = serve([getPdf], createPdfsContainer(process.env));
