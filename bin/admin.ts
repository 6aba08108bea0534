// The operator's command line. Runs with AWS credentials and TABLE_NAME, or against a local engine through
// AWS_ENDPOINT_URL_DYNAMODB.
import { parseArgs } from 'node:util';
import { LANGUAGES } from '../lib/domain/organization.ts';
import { createAdminContainer } from '../lib/runtime/container/admin.ts';
import { redrive } from '../lib/runtime/container/redrive.ts';

const USAGE = `Usage: TABLE_NAME=<table> npm run admin -- <command>

  create-organization --name <name> [--language en|nl]   makes an organization and its first organizer key
  create-key --organization <organizationId>             makes another organizer key
  redrive --queue <name or URL of a queue>               moves its dead letters back into it
  redrive --queue dispatch                               sends what the dispatcher did not; with its variables
`;

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      name: { type: 'string' },
      language: { type: 'string' },
      organization: { type: 'string' },
      queue: { type: 'string' },
    },
  });
  if (positionals[0] === 'redrive' && values.queue !== undefined) {
    const { moved, left } = await redrive(process.env, values.queue);
    console.log(JSON.stringify({ moved, left }, undefined, 2));
    return left === 0 ? 0 : 1;
  }
  const run = toCommand(positionals[0], values);
  if (run === undefined) {
    console.error(USAGE);
    return 2;
  }
  const result = await run();
  if (!result.ok) {
    console.error(`refused: ${result.refusal.code}`);
    return 1;
  }
  const { organizationId, keyId, key } = result.value;
  console.log(JSON.stringify({ organizationId, keyId, key }, undefined, 2));
  return 0;
}

function toCommand(
  command: string | undefined,
  values: { name?: string; language?: string; organization?: string },
) {
  const { name, organization } = values;
  const language = LANGUAGES.find((known) => known === (values.language ?? 'en'));
  if (command === 'create-organization' && name !== undefined && language !== undefined) {
    return () => createAdminContainer(process.env).createOrganization({ name, language });
  }
  if (command === 'create-key' && organization !== undefined) {
    return () => createAdminContainer(process.env).createOrganizerKey(organization);
  }
  return undefined;
}

process.exitCode = await main();
