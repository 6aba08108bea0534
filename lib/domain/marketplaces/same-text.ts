// Whether two texts are the same, in a time that tells nothing of how much of them is.
import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

export const isSameText = (one: string, other: string): boolean =>
  timingSafeEqual(digest(one), digest(other));
