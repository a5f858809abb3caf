import compression from 'compression';
import express, { type Express } from 'express';
import { type Exposition, OPEN_METRICS_CONTENT_TYPE, TEXT_CONTENT_TYPE } from '../exposition.ts';
import { VERSION } from '../version.ts';
import { basicAuth } from './basic-auth.ts';
import type { WebConfig } from './web-config.ts';

/** What the server shows. */
export interface Shown {
  exposition(): Promise<Exposition>;
  ready(): boolean;
}

/** `/metrics`, `/-/healthy`, `/-/ready` and a page that leads to them. */
export function newApp(shown: Shown, telemetryPath: string, webConfig: WebConfig): Express {
  const app = express();
  app.disable('x-powered-by');
  // Answers to errors without a stack.
  app.set('env', 'production');
  app.use((_request, response, next) => {
    response.set(webConfig.headers);
    next();
  });
  app.use(basicAuth(webConfig.users), compression());

  app.get(telemetryPath, async (request, response) => {
    const { text, openMetrics } = await shown.exposition();
    if (request.accepts(['text/plain', 'application/openmetrics-text']) === 'application/openmetrics-text') {
      response.set('Content-Type', OPEN_METRICS_CONTENT_TYPE).send(`${openMetrics}# EOF\n`);
    } else {
      response.set('Content-Type', TEXT_CONTENT_TYPE).send(text);
    }
  });
  app.get('/-/healthy', (_request, response) => {
    response.type('text').send('Foreshock is healthy.\n');
  });
  app.get('/-/ready', (_request, response) => {
    const ready = shown.ready();
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
