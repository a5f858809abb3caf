import { createHash } from 'node:crypto';
import { compare } from 'bcryptjs';
import type { RequestHandler } from 'express';

/** Compared when the user is unknown, so that an unknown user takes as long as a wrong password. */
const NOBODY = '$2b$10$PT20ESOsxnAu0fkJvG/Es.DPHkhta15CYu17MlQF4rw6v9FOlhnOC';

/** Asks for one of `users` (bcrypt hashes by name). Without users everybody may pass. */
export function basicAuth(users: ReadonlyMap<string, string>): RequestHandler {
  // bcrypt is slow on purpose; the last good password of each user is remembered, as a digest.
  const accepted = new Map<string, string>();
  return async (request, response, next) => {
    if (users.size === 0) return next();
    const [user, password] = credentials(request.headers.authorization);
    const digest = createHash('sha256').update(password).digest('hex');
    if (accepted.get(user) === digest) return next();
    const matches = await compare(password, users.get(user) ?? NOBODY);
    if (matches && users.has(user)) {
      accepted.set(user, digest);
      return next();
    }
    response.status(401).set('WWW-Authenticate', 'Basic').type('text').send('Unauthorized\n');
  };
}

function credentials(header: string | undefined): [user: string, password: string] {
  const decoded = Buffer.from(/^Basic (.+)$/i.exec(header ?? '')?.[1] ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon === -1 ? ['', ''] : [decoded.slice(0, colon), decoded.slice(colon + 1)];
}
