// DynamoDB Local runs on Java: says clearly what to install when it is missing or too old.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { StartProblem } from '../problem.ts';

/** The class files of DynamoDB Local 3 are made for Java 17. */
const JAVA_MAJOR_MIN = 17;

const ADVICE =
  'DynamoDB Local needs Java 17 or newer. Install it (Debian and Ubuntu: `apt-get install openjdk-17-jre-headless`), ' +
  'or set DYNAMODB_ENDPOINT to an engine that runs elsewhere.';

export async function assertJava(command = 'java'): Promise<void> {
  const version = await readJavaVersion(command);
  const found =
    version === undefined
      ? 'No working `java` was found.'
      : `The \`java\` found is version ${version}.`;
  if (version === undefined || version < JAVA_MAJOR_MIN)
    throw new StartProblem(`${found} ${ADVICE}`);
}

async function readJavaVersion(command: string): Promise<number | undefined> {
  try {
    const { stdout, stderr } = await promisify(execFile)(command, ['-version']);
    return parseJavaVersion(stdout + stderr);
  } catch {
    return undefined;
  }
}

/**
 * Major version in the output of `java -version`; up to Java 8 it said 1.8.
 * @internal Exported for tests.
 */
export function parseJavaVersion(output: string): number | undefined {
  const [, first, second] = /version "(\d+)(?:\.(\d+))?/.exec(output) ?? [];
  if (first === undefined) return undefined;
  return first === '1' ? Number(second) : Number(first);
}
