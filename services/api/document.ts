/** The OpenAPI document as a client reads it. Needs neither database nor chain. */
import Fastify from 'fastify';
import { registerSwagger } from './plugins/external/swagger.ts';
import { at, type RouteName } from './access/at.ts';
import { routes } from './access/routes.ts';

export async function openapiDocument(): Promise<string> {
  const app = Fastify({ ajv: { customOptions: { discriminator: true } } });
  await registerSwagger(app);
  await app.register(async (scope) => {
    for (const name of Object.keys(routes) as RouteName[]) {
      scope.route({ ...at(name), handler: () => Promise.reject(new Error('a document answers nothing')) });
    }
  });
  await app.ready();
  const document = JSON.stringify(app.swagger(), null, 2);
  await app.close();
  return `${document}\n`;
}
