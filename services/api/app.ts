/** The HTTP application, put together. */
import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import multipart from '@fastify/multipart';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { LogController, type FastifyBaseLogger } from 'fastify';
import type { App } from './app-types.ts';
import type { ApiConfig } from './config.ts';
import { registerIdempotency } from './plugins/app/idempotency.ts';
import { registerMetrics } from './plugins/app/metrics.ts';
import { notUnderstood, registerProblems } from './plugins/app/problems.ts';
import { registerAccess, registerSession } from './plugins/app/session.ts';
import { serializerCompiler } from './plugins/app/serialization.ts';
import { registerJson, requireText, validatorCompiler } from './plugins/app/validation.ts';
import { registerCompression } from './plugins/external/compression.ts';
import { registerLimits } from './plugins/external/limits.ts';
import { registerReference } from './plugins/external/reference.ts';
import { registerSecurity } from './plugins/external/security.ts';
import { registerSwagger } from './plugins/external/swagger.ts';
import { registerWeb } from './plugins/external/web.ts';
import { registerAppeals } from './appeals/routes.ts';
import { registerApplications } from './applications/routes.ts';
import { registerLooks } from './audit/looks.ts';
import { registerAudit } from './audit/routes.ts';
import { registerAccounts } from './accounts/routes.ts';
import { registerBranches } from './branches/routes.ts';
import { registerBills } from './bills/routes.ts';
import { registerCash } from './cash/routes.ts';
import { registerDocuments } from './documents/routes.ts';
import { registerHoldings } from './holdings/routes.ts';
import { registerHome } from './home/routes.ts';
import { registerImports } from './imports/routes.ts';
import { registerInstructions } from './instructions/routes.ts';
import { registerInvitations } from './invitations/routes.ts';
import { registerInvoices } from './invoices/routes.ts';
import { registerLeaving } from './leaving/routes.ts';
import { registerLines } from './lines/routes.ts';
import { registerRecoveries } from './members/recovery-routes.ts';
import { registerMembers } from './members/routes.ts';
import { registerNotices } from './notices/routes.ts';
import { registerOffers } from './offers/routes.ts';
import { registerOperator } from './operator/routes.ts';
import { registerPeople } from './people/routes.ts';
import { registerRules } from './rules/routes.ts';
import { registerSales } from './sales/routes.ts';
import { registerSessions } from './sessions/routes.ts';
import { registerEvents } from './status/events.ts';
import { registerStatus } from './status/routes.ts';
import { registerSupervision } from './supervision/routes.ts';
import type { Services } from './services.ts';

const BODY_LIMIT = 1024 * 1024;

type Options = Pick<ApiConfig, 'webRoot' | 'requestsPerMinute' | 'trustProxy' | 'metricsToken'>;

/** The HTTP application. What is registered first is there for what comes after: the order is the architecture. */
export async function buildApp(
  services: Services,
  { webRoot, requestsPerMinute, trustProxy, metricsToken }: Options,
): Promise<App> {
  const app: App = Fastify({
    loggerInstance: services.log.child({ service: 'api' }, { redact: SECRETS }) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 200 },
    frameworkErrors: notUnderstood,
    trustProxy: typeof trustProxy === 'number' ? (_, hop) => hop < trustProxy : (trustProxy ?? false),
    forceCloseConnections: 'idle',
    requestTimeout: 60_000,
  }).withTypeProvider<TypeBoxTypeProvider>();
  app.decorate('services', services);
  app.setValidatorCompiler(validatorCompiler());
  registerJson(app);
  registerProblems(app);
  app.setSerializerCompiler(serializerCompiler);
  app.addHook('preValidation', (request, _reply, next) => {
    if (request.body == null && request.routeOptions.schema?.body !== undefined) request.body = {};
    requireText(request);
    next();
  });

  await app.register(cookie, { hook: false });
  registerSecurity(app, webRoot);
  registerLogs(app);
  registerSession(app);
  await registerLimits(app, requestsPerMinute);
  registerLooks(app);
  registerAccess(app);
  await app.register(multipart);
  await registerSwagger(app);
  registerIdempotency(app);
  await registerCompression(app);
  registerMetrics(app, metricsToken);

  app.addHook('preClose', async () => services.announcements.stopWaiting());
  app.addHook('onSend', (_request, reply, _payload, next) => {
    if (services.announcements.isClosing) void reply.header('connection', 'close');
    next();
  });
  for (const register of HANDLERS) {
    await app.register(async (scope) => register(scope as unknown as App));
  }
  await registerReference(app);
  await registerWeb(app, webRoot);
  return app;
}

const HANDLERS = [
  registerStatus,
  registerEvents,
  registerSessions,
  registerPeople,
  registerNotices,
  registerApplications,
  registerInvitations,
  registerAppeals,
  registerMembers,
  registerRecoveries,
  registerAccounts,
  registerBranches,
  registerBills,
  registerDocuments,
  registerHoldings,
  registerOffers,
  registerHome,
  registerCash,
  registerLines,
  registerInvoices,
  registerImports,
  registerSales,
  registerInstructions,
  registerRules,
  registerSupervision,
  registerOperator,
  registerAudit,
  registerLeaving,
];

/** Nothing of this is ever put into a log on purpose; should it be by accident, it is blotted out. */
const SECRETS = ['*.token', '*.d', '*.signature', '*.authorization', '*.cookie', 'req.headers'];

/** One line for each answer: who, what, how long. No headers, no bodies, no query, so there is nothing to blot out. */
function registerLogs(app: App): void {
  const answers = app.services.log.child({ service: 'api' });
  app.addHook('onRequest', (request, reply, next) => {
    void reply.header('x-request-id', request.id);
    next();
  });
  app.addHook('onResponse', (request, reply, next) => {
    const { person } = request;
    const level = reply.statusCode >= 500 ? 'error' : 'info';
    answers[level](
      {
        reqId: request.id,
        method: request.method,
        route: request.routeOptions.url ?? 'none',
        status: reply.statusCode,
        milliseconds: Math.round(reply.elapsedTime),
        by: person?.kind === 'member' ? person.number : person?.kind,
      },
      'answered',
    );
    next();
  });
}
