// The door's own family: what a scanner asks while a person waits, and nothing else.
import { annul } from './annul.ts';
import { validate } from './validate.ts';

export const SCAN_ROUTES = [validate, annul];
