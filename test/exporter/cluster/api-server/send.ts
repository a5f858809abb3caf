import type { IncomingHttpHeaders, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';

/** Bytes from which an answer is compressed (kube-apiserver, defaultGzipThresholdBytes). */
const GZIP = 128 * 1024;

/** Answers with a document. */
export function send(response: ServerResponse, headers: IncomingHttpHeaders, document: object): void {
  const body = Buffer.from(JSON.stringify(document));
  const gzip = body.length >= GZIP && /\bgzip\b/.test(String(headers['accept-encoding']));
  response.writeHead(200, { 'content-type': 'application/json', ...(gzip && { 'content-encoding': 'gzip' }) });
  response.end(gzip ? gzipSync(body, { level: 1 }) : body);
}
