// A family's Lambda handler: API Gateway has matched the route already, its routeKey picks the pipeline.
import type { AnyRoute } from './contract.ts';
import { toRouteKey } from './contract.ts';
import { type HttpHandler, type PipelineDeps, pipeline } from './pipeline.ts';
import { toProblem } from './problem.ts';

export function serve<D extends PipelineDeps>(
  routes: readonly AnyRoute<D>[],
  deps: D,
): HttpHandler {
  const byRouteKey = new Map(
    routes.map((route) => [toRouteKey(route.contract), pipeline(route, deps)]),
  );
  return async (event) => {
    const handler = byRouteKey.get(event.routeKey);
    return handler === undefined
      ? toProblem({ code: 'not_found' }, event.requestContext.requestId)
      : handler(event);
  };
}
