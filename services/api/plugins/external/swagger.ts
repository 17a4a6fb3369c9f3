import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';
import { hoistComponents } from '../../openapi.ts';

export const API_VERSION = '0.1.0';

export async function registerSwagger(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Tallystick',
        version: API_VERSION,
        description:
          'Confirmed payables as bills that are split to the cent, passed on and financed. A write is prepared here, signed by the firm and handed in; the chain decides and the read model says that it happened.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      tags: [
        { name: 'session', description: 'Who asks' },
        { name: 'members' },
        { name: 'operator' },
        { name: 'bills' },
        { name: 'mine', description: 'Holdings, offers, cash, lines: the viewer’s own' },
        { name: 'imports' },
        { name: 'financing' },
        { name: 'acts', description: 'Prepare, sign, submit, follow' },
        { name: 'status' },
      ],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          cookie: {
            type: 'apiKey',
            in: 'cookie',
            name: 'tallystick',
            description:
              'Writes by cookie name the member that they are for in the header Tallystick-Member: its number, or "operator". MEMBER_NOT_NAMED without it, SESSION_CHANGED if the session is another’s.',
          },
        },
      },
    },
    transformObject: (document) =>
      hoistComponents(
        JSON.parse(
          JSON.stringify('openapiObject' in document ? document.openapiObject : document.swaggerObject),
        ),
      ),
  });
}
