import type { RequestHandler } from 'express';
import { Passwords } from './passwords.ts';
import { refuse } from './refuse.ts';
import type { ServerCounts } from './server-metrics.ts';

/** Requires one of `users` (bcrypt hashes by name); without users there is no authentication. */
export function basicAuth(users: () => ReadonlyMap<string, string>, counts: ServerCounts): RequestHandler {
  const passwords = new Passwords();
  return async (request, response, next) => {
    const known = users();
    if (known.size === 0) return next();
    const given = credentials(request.headers.authorization);
    const verdict = given === undefined ? 'wrong' : await passwords.check(known, ...given);
    if (verdict === 'right') return next();
    if (verdict === 'wrong') {
      response.status(401).set('WWW-Authenticate', 'Basic').type('text').send('Unauthorized\n');
    } else {
      counts.refused.passwords += 1;
      refuse(response);
    }
  };
}

function credentials(header: string | undefined): [user: string, password: string] | undefined {
  const decoded = Buffer.from(/^Basic (.+)$/i.exec(header ?? '')?.[1] ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon === -1 ? undefined : [decoded.slice(0, colon), decoded.slice(colon + 1)];
}
