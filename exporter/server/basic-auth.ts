import { createHash } from 'node:crypto';
import { compare } from 'bcryptjs';
import type { RequestHandler } from 'express';

/** Compared with for an unknown user, so that it takes as long as a wrong password. */
const UNKNOWN_USER_HASH = '$2b$10$PT20ESOsxnAu0fkJvG/Es.DPHkhta15CYu17MlQF4rw6v9FOlhnOC';

/** Requires one of `users` (bcrypt hashes by name); without users there is no authentication. */
export function basicAuth(users: ReadonlyMap<string, string>): RequestHandler {
  // bcrypt is slow on purpose, so a digest of the last accepted password of each user is kept.
  const accepted = new Map<string, string>();
  return async (request, response, next) => {
    if (users.size === 0) return next();
    const [user, password] = credentials(request.headers.authorization);
    const digest = createHash('sha256').update(password).digest('hex');
    if (accepted.get(user) === digest) return next();
    const matches = await compare(password, users.get(user) ?? UNKNOWN_USER_HASH);
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
