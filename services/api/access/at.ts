import { routes } from './routes.ts';

export type RouteName = keyof typeof routes;
type Route<N extends RouteName> = (typeof routes)[N];

/** Method, address and schema of a route, for `app.route({ ...at('getBill'), handler })`. */
export function at<N extends RouteName>(
  name: N,
): {
  method: Route<N>[0];
  url: Route<N>[1];
  schema: Route<N>[2] & { operationId: N };
  config: { route: N };
} {
  const [method, url, schema] = routes[name] as Route<N>;
  return { method, url, schema: { ...schema, operationId: name }, config: { route: name } };
}
