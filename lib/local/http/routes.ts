// Finds the route of a request as API Gateway does: the full path first, then path parameters, then a greedy
// parameter, then $default.
import type { RouteSpec } from '../template/system.ts';

export interface RouteMatch {
  readonly routeKey: string;
  readonly functionName: string;
  /** Decoded values of the path's parameters. */
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** `undefined`: no route and no $default. Throws URIError for a path that can't be decoded. */
export type FindRoute = (method: string, path: string) => RouteMatch | undefined;

interface CompiledRoute extends RouteSpec {
  readonly method: string;
  readonly steps: readonly string[];
}

const DEFAULT = '$default';

export function compileRoutes(routes: readonly RouteSpec[]): FindRoute {
  const compiled = routes
    .filter(({ routeKey }) => routeKey !== DEFAULT)
    .map((route) => {
      const [method = '', path = ''] = route.routeKey.split(' ');
      return { ...route, method, steps: path.split('/').slice(1) };
    })
    .toSorted((a, b) => compareBySpecificity(a, b));
  const fallback = routes.find(({ routeKey }) => routeKey === DEFAULT);

  return (method, path) => {
    const steps = path.split('/').slice(1).map(decodeURIComponent);
    for (const route of compiled) {
      if (route.method !== 'ANY' && route.method !== method) continue;
      const pathParameters = matchSteps(route.steps, steps);
      if (pathParameters !== undefined) return { ...route, pathParameters };
    }
    return fallback === undefined ? undefined : { ...fallback, pathParameters: {} };
  };
}

const isGreedy = (step: string): boolean => step.endsWith('+}');
const rankOf = (step: string | undefined): number => {
  if (step === undefined) return 3;
  if (isGreedy(step)) return 2;
  return step.startsWith('{') ? 1 : 0;
};

/** Step by step, a fixed one before a parameter before a greedy one; a method of its own before ANY. */
function compareBySpecificity(a: CompiledRoute, b: CompiledRoute): number {
  for (let at = 0; at < Math.max(a.steps.length, b.steps.length); at += 1) {
    const difference = rankOf(a.steps[at]) - rankOf(b.steps[at]);
    if (difference !== 0) return difference;
  }
  return Number(a.method === 'ANY') - Number(b.method === 'ANY');
}

function matchSteps(
  wanted: readonly string[],
  steps: readonly string[],
): Record<string, string> | undefined {
  const parameters: Record<string, string> = {};
  for (const [at, step] of wanted.entries()) {
    const value = steps[at];
    if (value === undefined) return undefined;
    if (isGreedy(step)) {
      parameters[step.slice(1, -2)] = steps.slice(at).join('/');
      return parameters;
    }
    if (step.startsWith('{')) {
      if (value === '') return undefined;
      parameters[step.slice(1, -1)] = value;
    } else if (step !== value) {
      return undefined;
    }
  }
  return wanted.length === steps.length ? parameters : undefined;
}
