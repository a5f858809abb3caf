import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { PasswordThread } from './password-thread.ts';

/** Comparisons that may wait for the one at work: what they take together is well below the timeout of a scrape. */
const MAX_WAITING = 4;
/** How long a wrong password is remembered, for scrapers that have one. */
const REMEMBER_WRONG_MS = 10_000;
const MAX_WRONG = 1000;
/** After a wrong password the next comparison waits so many times as long as that one took: strangers get a quarter of a core. */
const REST_FACTOR = 3;

/** `busy` if too many others wait for a comparison. */
export type Verdict = 'right' | 'wrong' | 'busy';

/**
 * Compares passwords with bcrypt hashes, which is slow on purpose: one at a time and in a thread of its own. What is known
 * already is answered at once. Digests have a key of this process, so that memory holds nothing to guess passwords by.
 */
export class Passwords {
  readonly #key = randomBytes(32);
  readonly #thread = new PasswordThread();
  /** Digest of the last accepted password of each user. */
  readonly #right = new Map<string, Buffer>();
  /** By digest, comparisons that are under way or found a wrong password. */
  readonly #recent = new Map<string, Promise<boolean>>();
  #waiting = 0;
  #previous: Promise<void> = Promise.resolve();

  /** `users` are bcrypt hashes by name. */
  async check(users: ReadonlyMap<string, string>, user: string, password: string): Promise<Verdict> {
    const hash = users.get(user) ?? this.#hashOfAnother(users, user);
    const digest = this.#digest(user, hash, password);
    const right = this.#right.get(user);
    if (right !== undefined && timingSafeEqual(right, digest)) return 'right';
    const key = digest.toString('base64');
    const comparison = this.#recent.get(key) ?? this.#compare(key, password, hash);
    if (comparison === undefined) return 'busy';
    if (!(await comparison) || !users.has(user)) return 'wrong';
    this.#right.set(user, digest);
    return 'right';
  }

  /** Undefined if too many wait. */
  #compare(key: string, password: string, hash: string): Promise<boolean> | undefined {
    if (this.#waiting > MAX_WAITING) return undefined;
    this.#waiting += 1;
    const earlier = this.#previous;
    const compare = () => this.#thread.compare(password, hash);
    const comparison = earlier.then(compare).finally(() => {
      this.#waiting -= 1;
    });
    this.#previous = this.#restAfter(earlier, comparison);
    this.#remember(key, comparison);
    return comparison;
  }

  async #restAfter(earlier: Promise<void>, comparison: Promise<boolean>): Promise<void> {
    await earlier;
    const start = performance.now();
    const matches = await comparison.catch(() => true);
    if (!matches) await sleep(REST_FACTOR * (performance.now() - start), undefined, { ref: false });
  }

  #remember(key: string, comparison: Promise<boolean>): void {
    const [oldest] = this.#recent.size >= MAX_WRONG ? this.#recent.keys() : [];
    if (oldest !== undefined) this.#recent.delete(oldest);
    this.#recent.set(key, comparison);
    const forget = () => void this.#recent.delete(key);
    comparison.then((matches) => (matches ? forget() : void setTimeout(forget, REMEMBER_WRONG_MS).unref()), forget);
  }

  /** An unknown user is compared with the hash of a known one, always the same, so that it takes as long. */
  #hashOfAnother(users: ReadonlyMap<string, string>, user: string): string {
    const hashes = [...users.values()];
    const index = createHmac('sha256', this.#key).update(user).digest().readUInt32BE() % hashes.length;
    return hashes[index] ?? '';
  }

  #digest(...parts: readonly string[]): Buffer {
    return createHmac('sha256', this.#key).update(JSON.stringify(parts)).digest();
  }
}
