import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import express, { type Express } from 'express';
import { CONTENT_TYPES, type Format } from '../exposition/exposition.ts';
import { VERSION } from '../version.ts';
import { basicAuth } from './basic-auth.ts';
import type { Connections } from './connections.ts';
import { refuse } from './refuse.ts';
import type { ServerCounts } from './server-metrics.ts';
import { shared } from './shared.ts';
import type { WebConfig } from './web-config.ts';

/** For so long after it was made, an answer is given to all who ask: however many do, little is made. */
const SHARE_MS = 250;

/** What the server exposes. */
export interface ScrapeTarget {
  /** The body of the response to a scrape. */
  exposition(format: Format): Promise<Buffer>;
  /** Why a scrape is not useful, undefined when it is. */
  notReady(): string | undefined;
}

/** What the routes need to know of the server. */
export interface AppContext {
  /** The web configuration as it is now. */
  readonly webConfig: () => WebConfig;
  readonly telemetryPath: string;
  /** The most scrapes that wait for their answer at the same time; 0 for no limit. */
  readonly maxRequests: number;
  readonly connections: Connections;
  readonly counts: ServerCounts;
}

/** Serves `telemetryPath`, `/-/healthy`, `/-/ready` and a page with links to them. */
export function newApp(target: ScrapeTarget, context: AppContext): Express {
  const app = express();
  app.disable('x-powered-by');
  // Error responses without a stack.
  app.set('env', 'production');
  // No two scrapes are the same.
  app.set('etag', false);
  app.use((_request, response, next) => {
    response.set(context.webConfig().headers);
    next();
  });
  // Probes of the kubelet have no password, and these two tell a stranger no more than that the port is open, and which flag has no host behind it.
  serveProbes(app, target);
  app.use(basicAuth(() => context.webConfig().users, context.counts));
  serveMetrics(app, target, context);
  app.get('/', (_request, response) => {
    response.type('html').send(landingPage(context.telemetryPath));
  });
  return app;
}

function serveProbes(app: Express, target: ScrapeTarget): void {
  app.get('/-/healthy', (_request, response) => {
    response.type('text').send('Foreshock is healthy.\n');
  });
  app.get('/-/ready', (_request, response) => {
    const reason = target.notReady();
    response
      .status(reason === undefined ? 200 : 503)
      .type('text')
      .send(reason === undefined ? 'Foreshock is ready.\n' : `Foreshock is not ready: ${reason}.\n`);
  });
}

function serveMetrics(app: Express, target: ScrapeTarget, context: AppContext): void {
  const { telemetryPath, maxRequests, connections, counts } = context;
  const answers = { text: newAnswers(target, 'text'), openMetrics: newAnswers(target, 'openMetrics') };
  let waiting = 0;
  app.get(telemetryPath, async (request, response) => {
    if (maxRequests > 0 && waiting >= maxRequests) {
      counts.refused.requests += 1;
      return refuse(response);
    }
    const format = acceptedFormat(request.headers.accept ?? '');
    const encoding = request.acceptsEncodings('gzip', 'identity') === 'gzip' ? 'gzip' : 'identity';
    waiting += 1;
    const body = await answers[format][encoding]().finally(() => {
      waiting -= 1;
    });
    connections.reserve(request, body.length);
    if (encoding === 'gzip') response.set('Content-Encoding', encoding);
    response.set('Content-Type', CONTENT_TYPES[format]).vary('Accept-Encoding').send(body);
  });
}

/** The exposition in one format, as it is and compressed. */
function newAnswers(target: ScrapeTarget, format: Format) {
  const identity = shared(() => target.exposition(format), SHARE_MS);
  return { identity, gzip: shared(async () => promisify(gzip)(await identity()), SHARE_MS) };
}

/**
 * The format that a scraper prefers: Prometheus sends `application/openmetrics-text;version=1.0.0;q=0.6,…` with
 * parameters, such as `escaping`, for which general content negotiation does not recognize the type.
 */
export function acceptedFormat(accept: string): Format {
  const quality = (type: string) => {
    const ranges = accept.split(',').filter((range) => range.trim().startsWith(type));
    return Math.max(0, ...ranges.map((range) => Number(/;\s*q=([\d.]+)/.exec(range)?.[1] ?? 1)));
  };
  return quality('application/openmetrics-text') > quality('text/plain') ? 'openMetrics' : 'text';
}

function landingPage(telemetryPath: string): string {
  const links = [telemetryPath, '/-/healthy', '/-/ready'].map((path) => `<li><a href="${path}">${path}</a></li>`);
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Foreshock</title></head>
<body>
<h1>Foreshock ${VERSION}</h1>
<p>What node_exporter, cAdvisor and kube-state-metrics leave out about this host.</p>
<ul>${links.join('')}</ul>
</body>
</html>
`;
}
