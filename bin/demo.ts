// `npm run demo`: plays the story of tickets from an import, a sale, a resale and an exchange to the door, against the running
// system or one of its own, and fails at the first answer that differs from what is expected.
import { createApi } from '../lib/local/demo/api.ts';
import { findSystem } from '../lib/local/demo/find-system.ts';
import { tellStory } from '../lib/local/demo/story/tell.ts';
import { StartProblem } from '../lib/local/problem.ts';

try {
  await play();
} catch (error) {
  console.error(error instanceof StartProblem ? error.message : error);
  process.exitCode = 1;
}

async function play(): Promise<void> {
  const { demo, end } = await findSystem(process.env);
  console.log(`Playing against ${demo.baseUrl}\n`);
  try {
    const api = createApi(demo.baseUrl);
    const { inboxUrl, keys } = demo;
    const input = { api, inboxUrl, organizerKey: keys.organizer, print: console.log };
    const isRight = await tellStory(input);
    if (!isRight) process.exitCode = 1;
  } finally {
    await end();
  }
}
