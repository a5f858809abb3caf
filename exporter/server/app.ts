import compression from 'compression';
import express, { type Express, type Request, type Response } from 'express';
import { CONTENT_TYPES, type Format } from '../exposition/exposition.ts';
import { VERSION } from '../version.ts';
import { basicAuth } from './basic-auth.ts';
import type { WebConfig } from './web-config.ts';

/** What the server exposes. */
export interface ScrapeTarget {
  /** The body of the response to a scrape. */
  exposition(format: Format): Promise<Buffer>;
  ready(): boolean;
}

/** Serves `telemetryPath`, `/-/healthy`, `/-/ready` and a page with links to them. */
export function newApp(target: ScrapeTarget, telemetryPath: string, webConfig: WebConfig): Express {
  const app = express();
  app.disable('x-powered-by');
  // Error responses without a stack.
  app.set('env', 'production');
  // No two scrapes are the same.
  app.set('etag', false);
  app.use((_request, response, next) => {
    response.set(webConfig.headers);
    next();
  });
  app.use(basicAuth(webConfig.users), compression({ filter: isCompressible }));

  app.get(telemetryPath, async (request, response) => {
    const format = acceptedFormat(request.headers.accept ?? '');
    response.set('Content-Type', CONTENT_TYPES[format]).send(await target.exposition(format));
  });
  app.get('/-/healthy', (_request, response) => {
    response.type('text').send('Foreshock is healthy.\n');
  });
  app.get('/-/ready', (_request, response) => {
    const ready = target.ready();
    response
      .status(ready ? 200 : 503)
      .type('text')
      .send(ready ? 'Foreshock is ready.\n' : 'Foreshock is starting.\n');
  });
  app.get('/', (_request, response) => {
    response.type('html').send(landingPage(telemetryPath));
  });
  return app;
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

/** The filter of `compression` does not know the type of OpenMetrics. */
function isCompressible(request: Request, response: Response): boolean {
  return (
    String(response.getHeader('Content-Type')).startsWith('application/openmetrics-text') ||
    compression.filter(request, response)
  );
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
