// The payment page, and what payment providers tell.
import { PAYMENT_ROUTES } from '../../lib/http/routes/payments/routes.ts';
import { serve } from '../../lib/http/serve.ts';
import { createPaymentsContainer } from '../../lib/runtime/container/payments.ts';

export const handler = serve(PAYMENT_ROUTES, createPaymentsContainer(process.env));
