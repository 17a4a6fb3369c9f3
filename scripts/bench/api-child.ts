/** The API in a process of its own, as it runs in production; `bare` beside it: one query, one row, no more than Fastify and pg. */
import Fastify from 'fastify';
import pg from 'pg';
import { start } from '#api/start.ts';
import { readDeployment } from '#chain/deployment.ts';
import { logTo } from '#scripts/log.ts';

const [what, databaseUrl = '', deploymentFile = '', rpcUrl = 'http://127.0.0.1:9'] = process.argv.slice(2);

const api = () =>
  start({
    databaseUrl,
    rpcUrl,
    deployment: readDeployment(deploymentFile),
    host: '127.0.0.1',
    port: 0,
    demo: false,
    clock: 'system',
    keysDir: '/nonexistent',
    log: logTo('/dev/null', 'info'), // as in production, but for the disk
    requestsPerMinute: 1_000_000_000,
  });

async function bare() {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 20 });
  const app = Fastify();
  app.get<{ Params: { name: string } }>('/rows/:name', async ({ params }) => {
    const { rows } = await pool.query('select name, body from bench_row where name = $1', [params.name]);
    return rows[0] as unknown;
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, close: () => app.close().then(() => pool.end()) };
}

const server = await (what === 'bare' ? bare() : api());
process.send?.({ url: server.url });
process.on('message', () => process.send?.(process.cpuUsage()));
process.once('disconnect', () => void server.close());
