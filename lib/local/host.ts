// The whole system on one machine, wired from the synthesized templates: engines, data, functions, routes, queues,
// streams, uploads and schedules.
import { join } from 'node:path';
import { startEngines, toEngineEnvironment } from './engines/start-engines.ts';
import type { ObjectEvent } from './engines/fauxqs.ts';
import { createClients, makeData } from './data/make-data.ts';
import { type Functions, loadFunctions, toFunctionsEnvironment } from './functions.ts';
import { createDocs } from './http/docs.ts';
import { compileRoutes } from './http/routes.ts';
import type { HttpHost } from './http/server.ts';
import type { Lifetime } from './lifetime.ts';
import { startSources } from './sources/start-sources.ts';
import type { StackTemplate } from './template/assembly.ts';
import { REGION } from './template/place.ts';
import { createResolver } from './template/resolve.ts';
import { readSystem, type System } from './template/system.ts';

export interface HostOptions {
  readonly lifetime: Lifetime;
  readonly root: string;
  readonly http: HttpHost;
  /** Where data is kept; absent: in memory. */
  readonly directory: string | undefined;
  readonly environment: NodeJS.ProcessEnv;
  /** Synthesizes the app while the engines start. */
  readonly synthesize: () => Promise<readonly StackTemplate[]>;
}

export interface Host {
  readonly baseUrl: string;
  readonly inboxUrl: string;
}

/** Returns when requests are answered. */
export async function startHost(options: HostOptions): Promise<Host> {
  const { lifetime, root, http, directory, environment } = options;
  const baseUrl = `http://127.0.0.1:${http.port}`;
  let onObject: (event: ObjectEvent) => void = () => undefined;
  const [engines, stacks] = await Promise.all([
    startEngines({ lifetime, directory, environment, onObject: (event) => onObject(event) }),
    options.synthesize(),
  ]);
  applyEnvironment(toEngineEnvironment(engines, environment, REGION));

  const clients = createClients();
  const data = await makeData({ stacks, clients, sqsEndpoint: engines.sqs, baseUrl });
  const system = readSystem(stacks, createResolver(stacks, data.made));
  const functions = await wireFunctions(system, root);
  const sources = startSources({
    system,
    data,
    clients,
    functions,
    engines,
    checkpointsFile: directory === undefined ? undefined : join(directory, 'streams.json'),
    signal: lifetime.signal,
  });
  onObject = sources.onObject;
  lifetime.onEnd(() => sources.ended);
  http.open({ findRoute: compileRoutes(system.routes), functions, findPage: createDocs(root) });
  return { baseUrl, inboxUrl: engines.ses };
}

async function wireFunctions(system: System, root: string): Promise<Functions> {
  applyEnvironment({ ...toFunctionsEnvironment(system.functions), OUTBOUND_LOOPBACK: 'allowed' });
  const functions = await loadFunctions(system.functions, root);
  // A mapping to a function that doesn't exist shows now and not at the first event.
  const mapped = [
    ...system.routes,
    ...system.queueSources,
    ...system.streamSources,
    ...system.schedules,
  ];
  for (const { functionName } of mapped) functions(functionName);
  return functions;
}

function applyEnvironment(values: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
