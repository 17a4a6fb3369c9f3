/** From a route's name to what its handler is registered with. */
import { signedIn } from '../schemas/common.ts';
import type { Route } from './route.ts';
import { routes } from './routes.ts';

export type RouteName = keyof typeof routes;
type Known<N extends RouteName> = (typeof routes)[N];

/** Method, address and schema of a route, for `app.route({ ...at('getBill'), handler })`. */
export function at<N extends RouteName>(
  name: N,
): Pick<Known<N>, 'method' | 'url'> & {
  schema: Known<N>['schema'] & { operationId: N };
  config: { route: N };
} {
  const { method, url, schema }: Known<N> = routes[name];
  return {
    method,
    url,
    schema: { ...securityOf(routes[name]), ...schema, operationId: name },
    config: { route: name },
  };
}

const securityOf = ({ audience }: Route) => (audience === 'everybody' ? {} : { security: signedIn });
