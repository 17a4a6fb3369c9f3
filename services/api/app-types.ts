/** The types of our Fastify: its services, and who a request comes from. */
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { Person } from './access/person.ts';
import type { RouteName } from './access/at.ts';
import type { Services } from './services.ts';

export type { KnownPerson, MemberPerson, Person } from './access/person.ts';

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

declare module 'fastify' {
  interface FastifyInstance {
    services: Services;
  }
  interface FastifyRequest {
    person: Person;
  }
  interface FastifyContextConfig {
    route?: RouteName;
  }
}
