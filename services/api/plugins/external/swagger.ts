/** The frame of the OpenAPI document. */
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
        { name: 'sessions', description: 'Who asks' },
        { name: 'members' },
        { name: 'bills' },
        { name: 'holdings', description: 'What the viewer holds' },
        { name: 'offers', description: 'To the viewer and by it' },
        { name: 'home', description: 'What waits for the viewer, and its calendar' },
        { name: 'cash' },
        { name: 'lines' },
        { name: 'invoices' },
        { name: 'imports' },
        { name: 'sales', description: 'Requests to banks, their quotes, and what was sold' },
        { name: 'instructions', description: 'Prepare, sign, submit, follow' },
        { name: 'rules' },
        { name: 'supervision' },
        { name: 'operator' },
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
