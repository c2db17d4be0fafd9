/** The commands of those who hold titles in a process of their own, against a title server with real keys, over HTTP and UDP. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { setImmediate as pause } from 'node:timers/promises';
import { after, before, describe, it } from 'node:test';
import { bytesToHex } from '../../../base/bytes.ts';
import { refuse } from '../../../base/refusal.ts';
import type { Refusal } from '../../../base/refusal.ts';
import { titleServerKey } from '../../../signers/title/key.ts';
import { verifyTitleSignature } from '../../../signers/title/signature.ts';
import { openMemoryTitleStore } from '../../../stores/title/memory.ts';
import {
  readTitleRequest,
  readTitleResponse,
  writeTitleRequest,
  writeTitleResponse,
} from '../../../title/documents/codec.ts';
import type { TitleRange } from '../../../title/documents/documents.ts';
import { classSigned } from '../../../title/documents/signed.ts';
import { refusalMessage } from '../../../title/server/answers.ts';
import { openTitleServer } from '../../../title/server/server.ts';
import type { TitleServer } from '../../../title/server/server.ts';
import { readAddress } from '../../../title/wallet/address.ts';
import { serveUdp } from '../../../transports/udp-server.ts';
import type { UdpServer } from '../../../transports/udp-server.ts';
import { TITLE_COMMANDS } from './title.ts';

const MODULE = new URL('title.ts', import.meta.url).href;
/** Runs a command for each line that comes in, and says what it said: starting a process takes longer than any command. */
const RUN = `
  import { createInterface } from 'node:readline/promises';
  import { title } from ${JSON.stringify(MODULE)};
  const write = process.stdout.write.bind(process.stdout);
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr']) process[name].write = (text) => { said[name] += text; return true; };
  for await (const line of createInterface({ input: process.stdin })) {
    Object.assign(said, { stdout: '', stderr: '' });
    const status = await title(JSON.parse(line));
    write(JSON.stringify({ ...said, status }) + '\\n');
  }
`;

const folder = mkdtempSync(join(tmpdir(), 'specie-title-cli-'));
const issuer = generateKeyPairSync('ed25519');
const key = titleServerKey(new Uint8Array(32).fill(7));
let titles: TitleServer;
let udp: UdpServer;
let url = '';
let datagrams = 0;
let isBusy = false;
/** What no request gets past, but for what a server says of itself. */
let refused: Refusal | undefined;

/** Says to transfers that it is busy, as long as it is. */
async function answerTo(request: Uint8Array, room: number): Promise<Uint8Array> {
  const read = readTitleRequest(request);
  if (refused !== undefined && 'message' in read && read.message.type !== 'request title server')
    return writeTitleResponse({ reference: read.reference, message: refusalMessage(refused) });
  if (!isBusy || !('message' in read) || read.message.type !== 'request title transfer')
    return titles.answer(request, room);
  const { reference } = read;
  return writeTitleResponse({ reference, message: refusalMessage(refuse('busy', 'just now')) });
}

const server = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    void answerTo(Buffer.concat(parts), Infinity).then((answer) => response.end(answer));
  });
});

before(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/title`;
  udp = await serveUdp(
    {
      answer: (request) => {
        datagrams++;
        return answerTo(request, request.length);
      },
      bug: (error) => assert.fail(error),
    },
    { host: '127.0.0.1', port: 0 },
  );
  titles = await openTitleServer({
    store: openMemoryTitleStore(),
    key,
    checker: {
      check: async (checks) =>
        checks.map(({ publicKey, bytes, signature }) => verifyTitleSignature(publicKey, bytes, signature)),
    },
    verify: verifyTitleSignature,
    sha256: (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest()),
    clock: Date.now,
    pause: async () => pause(),
    issuers: undefined,
    mostTitles: 1_000,
    udpPort: udp.port,
  });
});

after(async () => {
  shell.stdin.end();
  server.close();
  server.closeAllConnections();
  await udp.close();
  rmSync(folder, { recursive: true });
});

/** Issues titles to an address, as a class's first version. */
async function issue(
  name: string,
  address: string,
  counts: readonly (readonly [number, number])[],
): Promise<void> {
  const read = readAddress(address);
  assert.ok('pseudonyms' in read);
  const ranges = counts.map(([denomination, count]): TitleRange => ({
    denomination,
    count,
    holder: read.pseudonyms[0]!,
  }));
  const { x = '' } = issuer.publicKey.export({ format: 'jwk' });
  const terms = {
    server: key.publicKey,
    issuer: new Uint8Array(Buffer.from(x, 'base64url')),
    name,
    entitles: 'To a seat.',
    unit: 'seats',
    denominations: [1, 2, 5],
    salt: new Uint8Array(16),
  };
  const title_class = { terms, version: 1, ranges };
  const signature = new Uint8Array(sign(null, classSigned(title_class), issuer.privateKey));
  const message = { type: 'request title class', certificate: { title_class, signature } } as const;
  const answer = readTitleResponse(
    await titles.answer(writeTitleRequest({ reference: 1, message }), Infinity),
  );
  assert.ok('message' in answer && answer.message.type === 'response title class');
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const shell = spawn(process.execPath, ['--input-type=module', '-e', RUN], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const answers = createInterface({ input: shell.stdout })[Symbol.asyncIterator]();

/** Runs a command on the wallet with this name. */
async function run(name: string, [command = '', ...args]: readonly string[]): Promise<Ended> {
  return runBare([command, '--data', join(folder, name), ...args]);
}

async function runBare(args: readonly string[]): Promise<Ended> {
  shell.stdin.write(`${JSON.stringify(args)}\n`);
  const answer = await answers.next();
  return JSON.parse(answer.value!) as Ended;
}

async function done(name: string, ...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(name, args);
  assert.equal(status, 0, stderr);
  return stdout;
}

const file = (name: string): string => join(folder, name);

describe('titles on the command line', () => {
  it('are issued, transferred, split, paid with change, shown and restored', async () => {
    const added = await done('ann', 'add', url);
    await done('bob', 'add', url);
    assert.match(added, new RegExp(`Title server ${bytesToHex(key.publicKey)} at ${url}`));
    const [ann, bob] = [await done('ann', 'address'), await done('bob', 'address')];
    await issue('Seats', ann.trim(), [
      [5, 3],
      [1, 6],
    ]);
    assert.match(await done('ann', 'check'), /The servers say the same of 9 titles/);
    assert.match(
      await done('ann', 'titles'),
      /^Seats \([0-9a-f]{12}\): 21 seats\n {2}3 × 5 seats: numbers 1 to 3\n {2}6 × 1 seats: numbers 4 to 9\n$/,
    );
    await done('ann', 'pool', 'Seats', '4-7', '8');
    assert.match(await done('ann', 'pool', 'Seats'), /^ +5 of 1 seats\n$/);
    assert.match(
      await done('ann', 'split', 'Seats', '1', '--into', '1,1,1,1,1'),
      /Changed 5 seats of Seats \(1\) into 4, 5, 6, 7, 8\n/,
    );
    await done('ann', 'pool', 'Seats', '4', '5', '6', '7', '8');
    const unequal = await run('ann', ['split', 'Seats', '2', '--into', '1,1']);
    assert.equal(unequal.stderr, 'specie: --into has to add up to 5.\n');
    const before = datagrams;
    const gave = await done('ann', 'transfer', 'Seats', '9', '--to', bob.trim(), '-o', file('one.title'));
    assert.match(gave, /Gave 1 seats of Seats \(9\)/);
    assert.ok(datagrams > before, 'small questions go by datagrams');
    assert.equal(statSync(file('one.title')).mode & 0o777, 0o600);
    assert.match(await done('ann', 'show', file('one.title')), /^Seats 9: 1 seats\n/);
    assert.match(await done('bob', 'receive', file('one.title')), /Received of Seats: 9 {2}1 seats/);
    assert.match(
      await done('bob', 'receive', file('one.title')),
      /^You have this of Seats already: 9 {2}1 seats\n$/,
    );
    const paid = await done('ann', 'pay', 'Seats', '4', '--to', bob.trim(), '-o', file('four.title'));
    assert.match(paid, /Paid 4 seats of Seats \(\d+\); change: \d+\n/);
    await done('bob', 'receive', file('four.title'));
    assert.match(await done('bob', 'titles'), /: 5 seats\n/);
    const look = JSON.parse(await done('bob', 'show', 'Seats', '9', '--json')) as Record<string, unknown>;
    assert.deepEqual([look['sequence'], look['isOwn'], look['class_name']], [1, true, 'Seats']);
    assert.match(
      await done('ann', 'show', 'Seats', '9'),
      /It changed hands once; the server's proof verifies/,
    );
    assert.match(await done('ann', 'history'), /paid 4 seats of Seats \(\d+\); change: \d+\n/);
    mkdirSync(file('again'));
    cpSync(join(file('bob'), 'wallet.sqlite'), join(file('again'), 'wallet.sqlite'));
    assert.match(await done('again', 'restore', url), /Found 5 titles/);
    assert.equal(await done('again', 'titles'), await done('bob', 'titles'));
  });

  it('come without their file too, and what was so is told from what is', async () => {
    const ann = (await done('ann', 'address')).trim();
    assert.match(await done('bob', 'show', file('one.title')), /, which is you\n/);
    await done('bob', 'transfer', 'Seats', '9', '--to', ann, '-o', file('lost.title'));
    assert.match(await done('bob', 'show', file('one.title')), /, which was you\n.*\n {2}That was so: /);
    assert.doesNotMatch(await done('ann', 'titles', '--json'), /"serial":9,/);
    const [, restoring = ''] = /specie title (restore .*) finds what is yours/.exec(
      await done('ann', 'check'),
    )!;
    assert.equal(restoring, `restore ${url} --data ${file('ann')}`);
    assert.equal((await runBare(restoring.split(' '))).status, 0);
    assert.match(await done('ann', 'titles', '--json'), /"serial":9,/);
  });

  it('that were issued are found by whatever shows them or pays with them', async () => {
    await done('dan', 'add', url);
    assert.equal(await done('dan', 'titles'), `No titles in ${file('dan')}\n`);
    const none = await run('dan', ['pay', 'Seats', '1', '--to', 'x']);
    assert.match(none.stderr, /holds none of Seats to pay with\.\n$/);
    await issue('Stalls', (await done('dan', 'address')).trim(), [[2, 3]]);
    refused = refuse('busy', 'just now');
    const away = await run('dan', ['titles']);
    refused = undefined;
    assert.match(away.stderr, /^specie: http.*: just now; what follows is what this wallet knew before\.\n$/);
    assert.equal(away.stdout, `No titles in ${file('dan')}\n`);
    assert.match(
      await done('dan', 'show'),
      /^Stalls \([0-9a-f]{12}\): 6 seats\n {2}3 × 2 seats: numbers 1 to 3\n$/,
    );
    await done('eve', 'add', url);
    await issue('Boxes', (await done('eve', 'address')).trim(), [[1, 2]]);
    const dan = (await done('dan', 'address')).trim();
    assert.match(await done('eve', 'pay', 'Boxes', '1', '--to', dan), /^Paid 1 seats of Boxes \(\d\)\n/);
  });

  it('of a lost wallet are not looked for with a new one', async () => {
    const { status, stderr } = await run('nobody', ['restore', url]);
    assert.equal(status, 1);
    assert.ok(
      stderr.includes(`bring its words first: specie wallet restore --data ${file('nobody')} < words.txt`),
    );
    assert.ok(!existsSync(file('nobody')), 'no wallet was made');
  });

  it('are bound by a condition, claimed with its secret, and never told of in what is said', async () => {
    const hash = (await done('ann', 'secret', '-o', file('secret'))).trim();
    const secret = readFileSync(file('secret'), 'utf8').trim();
    const to = (await done('bob', 'address')).trim();
    const day = new Date(Date.now() + 24 * 3_600_000).toISOString().slice(0, 10);
    const held = JSON.parse(await done('ann', 'titles', '--json')) as readonly { readonly serial: number }[];
    const serial = String(held[0]!.serial);
    const condition = ['--if', hash, '--until', day];
    await done('ann', 'transfer', 'Seats', serial, '--to', to, ...condition, '-o', file('bound.title'));
    await done('bob', 'receive', file('bound.title'));
    assert.match(await done('ann', 'titles'), /given away; yours again from/);
    assert.match(await done('bob', 'titles'), /bound until .*: claim it with the secret of/);
    const claimed = await run('bob', ['claim', 'Seats', serial, '--secret-file', file('secret')]);
    assert.match(claimed.stdout, /^Claimed /);
    const history = await done('bob', 'history');
    for (const said of [claimed.stdout, claimed.stderr, history]) assert.ok(!said.includes(secret));
    assert.ok(
      (await done('bob', 'show', 'Seats', serial)).includes(secret),
      'but the log shows it to whoever asks',
    );
  });

  it('wait where the server is busy, and the next command ends what was begun', async () => {
    const to = (await done('bob', 'address')).trim();
    const held = JSON.parse(await done('ann', 'titles', '--json')) as readonly {
      readonly serial: number;
      readonly condition?: unknown;
    }[];
    const serial = String(held.find(({ condition }) => condition === undefined)!.serial);
    isBusy = true;
    const waits = await done('ann', 'transfer', 'Seats', serial, '--to', to);
    assert.match(waits, /Not answered yet: to give .*\nIt is kept/);
    isBusy = false;
    const ended = await done('ann', 'history');
    assert.match(ended, /^Finished what was cut short: gave /);
    const number = /specie title handover (\d+)/.exec(ended)![1]!;
    await done('ann', 'handover', number, '-o', file('late.title'));
    await done('bob', 'receive', file('late.title'));
  });

  it('keep the wallet of coins from taking other words, which they do not come from', () => {
    const wallet = new URL('../wallet/wallet.ts', import.meta.url).href;
    const script = `import { wallet } from ${JSON.stringify(wallet)}; process.exitCode = await wallet(process.argv.slice(1));`;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--input-type=module', '-e', script, '--', '--data', file('ann'), 'restore'],
      { input: `${'abandon '.repeat(11)}about\n`, encoding: 'utf8' },
    );
    assert.match(stderr, /There are titles here that come from other words/);
    assert.equal(status, 1);
  });

  it('say in one sentence what is wrong', async () => {
    const wrong: readonly (readonly [readonly string[], number, RegExp])[] = [
      [['transfer', 'Seats', '999', '--to', 'titles1.AAAA'], 1, /this wallet does not hold it/],
      [['transfer', 'Chairs', '1', '--to', 'x'], 1, /No class is named “Chairs”/],
      [['split', 'Seats', '1', '--into', '1,x'], 1, /is no list of denominations/],
      [['transfer', 'Seats', '1-17', '--to', 'x'], 1, /at most 16 titles, not 17/],
      [['transfer', 'Seats', '7-3', '--to', 'x'], 1, /“7-3” is no number of a title/],
      [['transfer', 'Seats', '1-4294967295', '--to', 'x'], 1, /at most 16 titles, not 4294967295/],
      [['claim', 'Seats', '2-3'], 1, /one title is claimed at a time/i],
      [['pay', 'Seats', '9999', '--to', 'x'], 1, /holds \d+ seats of Seats to pay with, and no more\.\n$/],
      [['transfer', 'Seats'], 2, /usage: specie title transfer CLASS SERIAL/],
      [['show', '--jsn'], 2, /there is no option --jsn/],
      [['receive', 'nowhere.title'], 1, /does not exist/],
    ];
    for (const [args, status, said] of wrong) {
      const ended = await run('ann', args);
      assert.match(ended.stderr, said);
      assert.equal(ended.status, status);
    }
  });
});

describe('classes on the command line', () => {
  const keyFile = file('issuer.key');
  const classOf = (...more: readonly string[]) =>
    runBare(
      ['class', '--key', keyFile, '--server', url, '--entitles', 'To sit.', '--unit', 'seats'].concat(
        ['--denominations', '1'],
        more,
      ),
    );

  before(async () => {
    assert.equal((await runBare(['keygen', keyFile, '--no-passphrase'])).status, 0);
  });

  it('are not made twice of one name by mistake', async () => {
    assert.equal((await classOf('--name', 'Benches')).status, 0);
    const twice = await classOf('--name', 'Benches');
    assert.equal(twice.status, 1);
    assert.match(twice.stderr, /You have a class Benches already \([0-9a-f]{12}\); choose another name/);
    const others = await classOf('--name', 'Seats');
    assert.match(others.stderr, /Another issuer has a class Seats already/);
    assert.equal(others.status, 1);
    assert.equal((await classOf('--name', 'Benches', '--again')).status, 0);
  });

  it('of a key that the server does not take are refused in words for its issuer', async () => {
    refused = refuse('unauthorised', 'title_class.terms.issuer: not taken');
    const { status, stderr } = await classOf('--name', 'Sofas', '--again');
    refused = undefined;
    assert.equal(status, 1);
    assert.equal(
      stderr,
      'specie: This server takes no classes of this key; who runs it names keys with serve --issuer.\n',
    );
  });
});

describe('the help about titles', () => {
  it('has a line for each command, and for each command how it is used', async () => {
    const { status, stdout } = await runBare([]);
    assert.equal(status, 0);
    for (const args of [['help'], ['--help'], ['help', 'nothing']])
      assert.deepEqual(await runBare(args), { status, stdout, stderr: '' });
    const lines = [...stdout.matchAll(/^ {2}(\S+)/gm)].map(([, name = '']) => name);
    assert.deepEqual(lines.toSorted(), Object.keys(TITLE_COMMANDS).toSorted());
    for (const [name, { usage }] of Object.entries(TITLE_COMMANDS)) {
      assert.ok(usage.startsWith(`specie title ${name}`));
      for (const args of [
        [name, '--help'],
        [name, '-h'],
        ['help', name],
      ])
        assert.equal((await runBare(args)).stdout, `usage: ${usage}\n`);
    }
    assert.equal((await runBare(['tittles'])).status, 2);
  });
});
