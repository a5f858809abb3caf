import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { hashSync } from 'bcryptjs';
import { Passwords } from '../../../exporter/server/passwords.ts';
import { until } from '../../exporter-process.ts';

const USERS = new Map([
  ['alice', hashSync('wonderland', 4)],
  ['bob', hashSync('builder', 4)],
]);

// A server listens meanwhile: the pause after a wrong password does not keep a process alive.
const alive = setInterval(() => {}, 1000);
after(() => clearInterval(alive));

describe('passwords', { concurrency: true }, () => {
  test('are right for their own user alone', async () => {
    const passwords = new Passwords();
    assert.equal(await passwords.check(USERS, 'alice', 'wonderland'), 'right');
    assert.equal(await passwords.check(USERS, 'bob', 'builder'), 'right');
    assert.equal(await passwords.check(USERS, 'alice', 'builder'), 'wrong');
    assert.equal(await passwords.check(USERS, 'alice', ''), 'wrong');
    assert.equal(await passwords.check(USERS, '__proto__', 'builder'), 'wrong');
  });

  test('of a known user are wrong for an unknown one, whatever hash that is compared with', async () => {
    const passwords = new Passwords();
    const users = new Map([['alice', USERS.get('alice') ?? '']]);
    assert.equal(await passwords.check(users, 'mallory', 'wonderland'), 'wrong');
    assert.equal(await passwords.check(users, 'alice', 'wonderland'), 'right');
  });

  test('a changed hash ends the old password, though it was accepted', async () => {
    const passwords = new Passwords();
    assert.equal(await passwords.check(USERS, 'alice', 'wonderland'), 'right');
    const changed = new Map([['alice', hashSync('looking glass', 4)]]);
    assert.equal(await passwords.check(changed, 'alice', 'wonderland'), 'wrong');
    assert.equal(await passwords.check(changed, 'alice', 'looking glass'), 'right');
    assert.equal(await passwords.check(new Map([['bob', '']]), 'alice', 'looking glass'), 'wrong');
  });

  test('the queue is bounded, and a known right one does not wait in it', async () => {
    const passwords = new Passwords();
    assert.equal(await passwords.check(USERS, 'alice', 'wonderland'), 'right');
    const guesses = Array.from({ length: 100 }, (_, guess) => passwords.check(USERS, 'alice', `guess ${guess}`));
    let answered = 0;
    for (const guess of guesses) void guess.then((verdict) => (answered += verdict === 'wrong' ? 1 : 0));
    assert.equal(await passwords.check(USERS, 'alice', 'wonderland'), 'right');
    assert.equal(answered, 0);
    const verdicts = await Promise.all(guesses);
    assert.deepEqual([count(verdicts, 'wrong'), count(verdicts, 'busy')], [5, 95]);
    // The queue is empty again.
    await until(
      () => passwords.check(USERS, 'bob', 'builder'),
      (verdict) => verdict === 'right',
      30,
    );
  });

  test('the same wrong one is compared once, however often it comes', async () => {
    const passwords = new Passwords();
    const verdicts = await Promise.all(Array.from({ length: 100 }, () => passwords.check(USERS, 'alice', 'wrong')));
    assert.equal(count(verdicts, 'wrong'), 100);
    assert.equal(await passwords.check(USERS, 'alice', 'wrong'), 'wrong');
  });
});

function count(verdicts: readonly string[], wanted: string): number {
  return verdicts.filter((verdict) => verdict === wanted).length;
}
