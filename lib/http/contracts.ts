// Every route's contract, for the CDK stack (routes of the API) and for OpenAPI.
import type { Contract } from './contract.ts';
import { getHealth } from './routes/public/get-health.ts';

export const CONTRACTS: readonly Contract[] = [getHealth].map((route) => route.contract);
