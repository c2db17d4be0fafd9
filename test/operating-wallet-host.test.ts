/** The guide to a wallet host, word for word, and what it says about copies, limits and money. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, describe, test } from 'node:test';
import { HOST_LIMITS, HOST_TIMES } from '../src/host/limits.ts';
import type { LetterView } from '../src/host/schemas.ts';
import { MailServer } from '../src/transports/mail-server.test-helper.ts';
import { checkout, ended, stepsOf, take, withPorts } from './support/guide.ts';
import { Person, Refused } from './support/host-people.ts';
import type { Outcome } from './support/host-people.ts';
import { ROOT, SPECIE, freePort, launch, specie, startIssuer, until } from './support/processes.ts';
import type { IssuerProcess, Running } from './support/processes.ts';

const GUIDE = join(ROOT, 'docs', 'operating', 'wallet-host.md');
const UNIT = join(ROOT, 'docs', 'operating', 'specie-wallet-host.service');
const PAGE = readFileSync(GUIDE, 'utf8');

/** What was done; fails where it was not. */
async function done<Value>(outcome: Outcome<Value>): Promise<Value> {
  const value = await outcome;
  if (value === undefined || value instanceof Refused) assert.fail(JSON.stringify(value));
  return value;
}

async function currencyOf(person: Person): Promise<string> {
  const [currency] = await done(person.currencies());
  return currency?.id ?? assert.fail('no currency');
}

async function pay(person: Person, to: string, amount: number): Promise<LetterView> {
  return done(person.pay({ to, currency: await currencyOf(person), amount, subject: '', text: '' }));
}

/** What the purse shows. */
async function shown(person: Person): Promise<number> {
  const [purse] = await done(person.purses());
  return purse === undefined ? 0 : purse.available + purse.reserved;
}

test('the guide to a wallet host leads to one that people use', async (t) => {
  const mails = await MailServer.open();
  t.after(() => mails.close());
  const ports = { 8080: await freePort(), 8082: await freePort(), 8083: await freePort() };
  const desk = { folder: checkout(t), input: `smtp://localhost:${mails.port}` };
  const steps = stepsOf(withPorts(PAGE, ports));
  const running: Running[] = [];
  t.after(() => running.forEach(({ child }) => child.kill('SIGKILL')));
  let host: Running | undefined;
  const ann = new Person({ url: `http://localhost:${ports[8082]}/`, name: 'ann', address: '127.0.0.2' });
  for (const step of steps) {
    const isStart = step.commands.join().startsWith('npx specie wallet-host ');
    // As the guide says: it is stopped before it is copied, and before it is started again.
    if (host !== undefined && (isStart || /\btar .*-czf/.test(step.commands.join()))) {
      await ended(host);
      host = undefined;
    }
    const started = await take(desk, step);
    if (started === undefined) continue;
    running.push(started);
    if (!isStart) continue;
    if (host === undefined && ann.token === '') {
      await done(ann.join());
      await done(ann.buy(await currencyOf(ann), 40));
    }
    host = started;
  }
  assert.equal(running.length, 4, 'an issuer, a host, one behind a proxy, one on another machine');
  const [issuer] = running;
  assert.ok(issuer !== undefined && host !== undefined);
  assert.equal(statSync(join(desk.folder, 'data', 'smtp-url')).mode & 0o777, 0o600);

  const moved = new Person({ url: `http://localhost:${ports[8083]}/`, name: 'ann', address: '127.0.0.2' });
  moved.token = ann.token;
  assert.equal(await shown(moved), 40, 'the wallet has moved, and its programs are signed in');
  const letter = await pay(moved, 'friend@alder.example', 3);
  assert.match(letter.link, /^https:\/\/wallet\.alder\.example\/receive#[\w-]{22}$/);
  assert.deepEqual(
    mails.taken.map(({ from, to }) => [from, to]),
    [['MAIL FROM:<wallet@alder.example>', ['RCPT TO:<friend@alder.example>']]],
  );
  await ended(host);
  await ended(issuer);
});

describe('copies', () => {
  const folder = mkdtempSync(join(tmpdir(), 'specie-copies-'));
  let issuer: IssuerProcess;
  let port: number;

  const startHost = async (name = 'host'): Promise<Running> => {
    const place = ['--data', join(folder, name), '--port', String(port), '--issuer', issuer.url];
    const running = launch(process.execPath, [SPECIE, 'wallet-host', ...place]);
    const end = await Promise.race([running.said('the wallet host is ready'), running.ended]);
    assert.equal(end, undefined, JSON.stringify(end));
    return running;
  };
  const copy = (from: string, to: string): void =>
    cpSync(join(folder, from), join(folder, to), { recursive: true });
  const join12 = async (name: string, number: number): Promise<Person> => {
    const person = new Person({ url: `http://localhost:${port}/`, name, address: `127.0.0.${number}` });
    await done(person.join());
    return person;
  };
  const lookForCoins = (person: Person) =>
    done(person.call<{ amount: number }>('POST', '/currencies/restore', { url: issuer.url }));

  before(async () => {
    issuer = await startIssuer();
    port = await freePort();
  });
  after(async () => {
    await issuer.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  test('cannot be made by way of a host that runs', async () => {
    const host = await startHost('locked');
    for (const sql of ['SELECT count(*) FROM member', `VACUUM INTO '${join(folder, 'vacuumed')}'`]) {
      const other = new DatabaseSync(join(folder, 'locked', 'host.sqlite'), { timeout: 0 });
      assert.throws(() => other.prepare(sql).all(), /database is locked/);
      other.close();
    }
    await ended(host);
  });

  test('made at one moment are what a power cut leaves, and open', async () => {
    const host = await startHost('cut');
    const eve = await join12('eve', 9);
    await done(eve.buy(await currencyOf(eve), 5));
    // Nothing is written any more: whatever is copied now was there at one moment.
    host.child.kill('SIGKILL');
    await host.ended;
    copy('cut', 'snapshot');
    const again = await startHost('snapshot');
    assert.equal(await shown(eve), 5);
    await ended(again);
  });

  test('that are old lose what the guide says, and nothing else', async () => {
    let host = await startHost();
    const [ann, bob] = [await join12('ann', 2), await join12('bob', 3)];
    const carol = await join12('carol', 4);
    const currency = await currencyOf(ann);
    await done(ann.buy(currency, 100));
    await ended(host);
    copy('host', 'copy');

    host = await startHost();
    await pay(ann, 'bob', 30);
    await until(async () => (await shown(bob)) === 30, 'bob has no 30');
    const dave = await join12('dave', 5);
    await pay(ann, 'dave', 6);
    await until(async () => (await shown(dave)) === 6, 'dave has no 6');
    const link = await pay(ann, '', 4);
    // Nobody was signed in as carol since the host was started.
    assert.equal((await pay(ann, 'carol', 8)).state, 'arrived');
    await ended(host);
    rmSync(join(folder, 'host'), { recursive: true });
    copy('copy', 'host');

    host = await startHost();
    assert.equal(await shown(ann), 100, 'what moved since is still shown');
    assert.equal(await shown(bob), 0, 'what came since is not');
    assert.ok((await bob.take(link.link)) instanceof Refused, 'links made since do not open');
    for (const person of [ann, bob, carol]) await lookForCoins(person);
    assert.equal(await shown(bob), 30);
    assert.equal(await shown(carol), 0, 'what she never took is lost');
    const bobsBefore = await shown(bob);
    const anns = await paidToTheEnd(ann, 'bob');
    assert.equal(anns, 52 + 4, '100 less 30, 6 and 8; the 4 of the link are among them again');
    await until(async () => (await shown(bob)) === bobsBefore + anns, 'bob has not all of it');
    assert.equal(await shown(ann), 0, 'coins that were spent have left the purse');
    await comesBack(dave);
    assert.equal(await shown(dave), 6, 'a member since comes back with the words');
    await ended(host);
  });

  /** Pays until nothing is shown any more; gives how much of it was good. */
  async function paidToTheEnd(from: Person, to: string): Promise<number> {
    const currency = await currencyOf(from);
    let paid = 0;
    const onePayment = async (): Promise<boolean> => {
      const amount = 1;
      const answer = await from.pay({ to, currency, amount, subject: '', text: '' });
      if (!(answer instanceof Refused)) paid += answer === undefined ? assert.fail() : amount;
      else if (answer.error === 'not enough') return (await shown(from)) === 0;
      else assert.equal(answer.error, 'already spent');
      return false;
    };
    await until(onePayment, 'payments do not come to an end');
    return paid;
  }

  /** Opens a wallet again, as a browser does, under the same name and with the twelve words. */
  async function comesBack(person: Person): Promise<void> {
    const { name, password, phrase } = person;
    await person.submit('/signup', '/signup', { name, password, phrase });
    const given = await person.submit('/settings', '/settings/tokens', { label: 'again', password });
    person.token =
      /id="token"[^>]*value="([\w-]{43})"/.exec(given?.text ?? '')?.[1] ?? assert.fail(given?.text);
  }
});

test('the limits in the guide are those of the host', () => {
  const written = (value: number) => value.toLocaleString('en');
  const { letters, openInvoices, members, openWallets, unopened } = HOST_LIMITS;
  for (const value of [letters, openInvoices, members, openWallets, unopened])
    assert.match(PAGE, new RegExp(`\\| ${written(value)} \\|`));
  const days = (milliseconds: number) => milliseconds / 86_400_000;
  assert.ok(PAGE.includes(`ends after ${days(HOST_TIMES.drop)} days`));
  const { page, token, idle } = HOST_TIMES;
  assert.ok(
    PAGE.replaceAll('\n', ' ').includes(
      `used for ${days(page)} days, a program's token after ${days(token)}.`,
    ),
  );
  assert.equal(idle, 10 * 60_000, 'ten minutes');
});

test('the unit has options that the command takes, and no secret', async () => {
  const unit = readFileSync(UNIT, 'utf8').replaceAll('\\\n', '');
  const line = /^ExecStart=\/usr\/bin\/node \/opt\/specie\/bin\/specie\.js (.*)$/m.exec(unit)?.[1] ?? '';
  const args = [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');
  // Everything is read before the file is missed that only systemd would put there.
  const place = ['--data', join(tmpdir(), 'specie-unit-is-not-made'), '--port', String(await freePort())];
  const { stderr } = await specie([...args, ...place]);
  assert.match(stderr, /^specie: .*%d\/smtp-url does not exist/);
});
