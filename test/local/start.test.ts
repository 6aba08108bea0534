// The two commands of a newcomer, as processes of their own: `npm start` and `npm run demo`.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, it, onTestFinished, vi } from 'vitest';
import { present } from '../../lib/domain/assert.ts';
import { readAnswer } from '../../lib/local/demo/api.ts';
import { type Demo, findDemo } from '../../lib/local/demo/demo-file.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Only for a system that hangs; what a busy machine needs says nothing. */
const START_MS_MAX = 120_000;
const END_MS_MAX = 60_000;

interface Run {
  readonly child: ChildProcess;
  readonly output: () => string;
}

/** In a process group of its own, as a shell would start it. */
const run = (
  entry: string,
  directory: string,
  argument?: string,
  environment: NodeJS.ProcessEnv = {},
): Run =>
  runCommand(
    directory,
    [process.execPath, join(ROOT, 'bin', entry), ...(argument === undefined ? [] : [argument])],
    environment,
  );

function runCommand(
  directory: string,
  [command = '', ...args]: readonly string[],
  environment: NodeJS.ProcessEnv = {},
): Run {
  const child = spawn(command, args, {
    cwd: ROOT,
    env: {
      ...process.env,
      npm_lifecycle_event: 'start',
      PORT: '0',
      LOCAL_DIR: directory,
      ...environment,
    },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => (output += String(chunk)));
  onTestFinished(() => {
    if (isGroupAlive(child)) process.kill(-Number(child.pid), 'SIGKILL');
  });
  return { child, output: () => output };
}

function isGroupAlive({ pid }: ChildProcess): boolean {
  try {
    process.kill(-Number(pid), 0);
    return true;
  } catch {
    return false;
  }
}

function aDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'swapgate-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

async function start(directory: string, argument?: string): Promise<Run & { readonly demo: Demo }> {
  const started = run('local.ts', directory, argument);
  const isReady = () => {
    expect(started.child.exitCode, started.output()).toBeNull();
    return /Started in/.test(started.output());
  };
  await vi.waitUntil(isReady, { timeout: START_MS_MAX, interval: 50 });
  return { ...started, demo: present(findDemo(directory), 'demo.json') };
}

/** The whole group, engines included, within the promised time. */
async function endByTerm({ child }: Run): Promise<void> {
  child.kill('SIGTERM');
  await vi.waitUntil(() => !isGroupAlive(child), { timeout: END_MS_MAX, interval: 20 });
  expect(child.exitCode).toBe(0);
}

/** Sends a printed curl line as it stands there. */
async function curl(line: string): Promise<Record<string, unknown>> {
  const words = [...line.matchAll(/'([^']*)'|(\S+)/g)].map(
    ([, quoted, bare]) => quoted ?? bare ?? '',
  );
  expect(words.slice(0, 2)).toEqual(['curl', '-s']);
  const after = (flag: string) =>
    words.flatMap((word, at) => (word === flag ? [words[at + 1] ?? ''] : []));
  const [data] = after('-d');
  const headers = after('-H').map((header) => header.split(/:\s*/, 2) as [string, string]);
  const response = await fetch(String(words[2]), {
    method: data === undefined ? 'GET' : 'POST',
    headers,
    ...(data === undefined ? {} : { body: data }),
  });
  expect(response.status).toBe(200);
  return (await readAnswer(response)).body as Record<string, unknown>;
}

const curlLines = ({ output }: Run): readonly string[] => output().match(/^curl .*$/gm) ?? [];

describe('npm start', () => {
  it('imports the sample, prints lines that work, shows a demo, and ends with everything it started', async () => {
    const directory = aDirectory();
    const system = await start(directory, '--memory');
    expect(system.demo).toEqual({
      baseUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      inboxUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      organizationId: expect.any(String),
      keys: { organizer: expect.any(String), device: expect.any(String) },
      eventId: expect.any(String),
      eventUrl: 'demo-night',
    });
    const [list, admit, again] = curlLines(system);
    expect((await curl(String(list)))['items']).toHaveLength(20);
    expect(await curl(String(admit))).toMatchObject({ outcome: 'ADMITTED', repeated: false });
    expect(await curl(String(again))).toMatchObject({
      outcome: 'REFUSED',
      reason: 'ALREADY_USED',
      previous: { at: expect.stringMatching(/^\d{4}-/) },
    });
    expect((await fetch(`${system.demo.baseUrl}/docs`)).status).toBe(200);
    expect(await (await fetch(`${system.demo.inboxUrl}/store`)).json()).toMatchObject({
      emails: [],
    });
    await expectOnlyRightAnswersToDo(system.demo, directory);
    await endByTerm(system);
    await expect(fetch(system.demo.baseUrl)).rejects.toThrow('fetch failed');
    expect(findDemo(directory)).toBeUndefined();
  });

  it('finds its data and its keys again after a restart', async () => {
    const directory = aDirectory();
    const first = await start(directory);
    const [, admit] = curlLines(first);
    await curl(String(admit));
    await endByTerm(first);

    const second = await start(directory);
    // Not a third one beside it: its engine would write to the same files.
    const third = run('local.ts', directory);
    expect((await once(third.child, 'exit'))[0]).toBe(1);
    expect(third.output()).toContain(`Another system works with the data in ${directory}.`);
    expect(findDemo(directory)).toEqual(second.demo);
    expect(second.demo.keys).toEqual(first.demo.keys);
    expect(second.demo.eventId).toBe(first.demo.eventId);
    const [list, fresh] = curlLines(second);
    const items = (await curl(String(list)))['items'];
    expect(items).toHaveLength(20);
    const moved = String(admit).replace(first.demo.baseUrl, second.demo.baseUrl);
    expect(await curl(moved)).toMatchObject({ outcome: 'ADMITTED', repeated: true });
    expect(await curl(String(fresh))).toMatchObject({ outcome: 'ADMITTED', repeated: false });
    // Killed, it can end nothing itself; still no engine may keep the files.
    second.child.kill('SIGKILL');
    await once(second.child, 'exit');
    await vi.waitUntil(() => !isGroupAlive(second.child), { timeout: END_MS_MAX, interval: 20 });
  });

  it.each([
    ['ended itself', process.execPath, [join(ROOT, 'bin/local.ts')]],
    // npm starts a shell, and on a signal only that one is told.
    ['below a shell that is ended', 'sh', ['-c', `'${process.execPath}' bin/local.ts; :`]],
  ] as const)(
    'leaves nothing behind when it is %s while it starts',
    async (_name, command, args) => {
      const directory = aDirectory();
      const { child } = runCommand(directory, [command, ...args]);
      // Made just before DynamoDB Local is started.
      await vi.waitUntil(() => existsSync(join(directory, 'dynamodb')), {
        timeout: START_MS_MAX,
        interval: 20,
      });
      child.kill('SIGTERM');
      await vi.waitUntil(() => !isGroupAlive(child), { timeout: END_MS_MAX, interval: 20 });
      expect(existsSync(join(directory, 'demo.json'))).toBe(false);
    },
  );

  it('tells what to install where Java is missing, and leaves nothing', async () => {
    const directory = aDirectory();
    const temporary = aDirectory();
    const { child, output } = run('local.ts', directory, undefined, {
      PATH: '/nowhere',
      TMPDIR: temporary,
    });
    expect((await once(child, 'exit'))[0]).toBe(1);
    expect(output()).toContain('apt-get install openjdk-17-jre-headless');
    expect(readdirSync(temporary)).toEqual([]);
    await vi.waitUntil(() => !isGroupAlive(child), { timeout: END_MS_MAX, interval: 20 });
  });

  it('refuses what it does not know, at once', async () => {
    const { child, output } = run('local.ts', aDirectory(), '--forget');
    expect((await once(child, 'exit'))[0]).toBe(1);
    expect(output()).toContain('There is only --memory.');
  });
});

/** The demo of a system that runs; with right answers alone it is content in the test below, too. */
async function expectOnlyRightAnswersToDo(demo: Demo, directory: string): Promise<void> {
  if (inject('isCampaign')) {
    const right = run('demo.ts', directory);
    expect((await once(right.child, 'exit'))[0], right.output()).toBe(0);
    expect(right.output()).toContain(demo.baseUrl);
  }
  const altered = aDirectory();
  const baseUrl = await startAlteringProxy(demo.baseUrl);
  writeFileSync(join(altered, 'demo.json'), JSON.stringify({ ...demo, baseUrl }));
  const wrong = run('demo.ts', altered);
  expect((await once(wrong.child, 'exit'))[0], wrong.output()).toBe(1);
  expect(wrong.output()).toContain(baseUrl);
  expect(wrong.output()).toContain('body.repeated is false and not true');
}

describe('npm run demo', () => {
  it('starts a system of its own when none runs, and ends it', async () => {
    const { child, output } = run('demo.ts', aDirectory());
    expect((await once(child, 'exit'))[0], output()).toBe(0);
    expect(output()).toMatch(/All \d+ answers were right\./);
    await vi.waitUntil(() => !isGroupAlive(child), { timeout: END_MS_MAX, interval: 20 });
  });
});

/** Passes everything on, and says that no scan was ever repeated. */
async function startAlteringProxy(target: string): Promise<string> {
  const server = createServer((request, response) => {
    const pass = async (): Promise<void> => {
      const body = await text(request);
      const { authorization = '', 'content-type': type = '' } = request.headers;
      const answer = await fetch(target + request.url, {
        method: String(request.method),
        headers: { authorization, 'content-type': type },
        ...(body === '' ? {} : { body }),
      });
      response.writeHead(answer.status, {
        'content-type': answer.headers.get('content-type') ?? '',
      });
      response.end((await answer.text()).replace('"repeated":true', '"repeated":false'));
    };
    pass().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
