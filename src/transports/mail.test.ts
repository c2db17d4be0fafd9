/** A mail goes to the one address it is for, once, with the coins in it; nothing that anybody types becomes a header. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, beforeEach, describe, it } from 'node:test';
import { Refusal } from '../base/refusal.ts';
import type { Mail, Postman } from '../host/ports.ts';
import type { CoinStack } from '../protocol/documents.ts';
import { MailServer } from './mail-server.test-helper.ts';
import { folderPostman, smtpPostman } from './mail.ts';

const json = readFileSync(
  new URL('../../spec/vectors/opencoin-draft/coinstack.json', import.meta.url),
  'utf8',
);
const STACK = JSON.parse(json) as CoinStack;
const PASSWORD = 'pass-word-of-the-host';

const folder = mkdtempSync(join(tmpdir(), 'specie-mail-'));
after(() => rmSync(folder, { recursive: true }));

const MAIL: Mail = {
  id: 'ab'.repeat(16),
  to: 'bo@mail.example',
  subject: 'Für den Kuchen',
  text: 'Hello Bo,\n.\nhttps://host.example/receive#key-key-key-key-key-key-key-key-key-key-key-key-key\n',
  stack: STACK,
  fileName: 'Testmark.oc',
};

function must(postman: Postman | Refusal): Postman {
  assert.ok(!(postman instanceof Refusal), postman instanceof Refusal ? postman.details : '');
  return postman;
}

async function refusal(sending: Promise<Refusal | undefined>): Promise<Refusal> {
  const refused = await sending;
  assert.ok(refused instanceof Refusal, 'it was taken');
  assert.ok(!refused.toString().includes(PASSWORD));
  assert.ok(!refused.toString().includes('key-key'));
  return refused;
}

/** The headers of a mail, unfolded. */
function headersOf(data: string): readonly string[] {
  const [head = ''] = data.split('\r\n\r\n');
  return head.replace(/\r\n[ \t]+/g, ' ').split('\r\n');
}

function header(data: string, name: string): string {
  const found = headersOf(data).filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}:`));
  assert.equal(found.length, 1, `one ${name}`);
  return found[0]!.slice(name.length + 1).trim();
}

/** The coins in a mail, as whoever saves its attachment has them. */
function attachmentOf(data: string): unknown {
  const [, encoded = ''] = /filename="?Testmark\.oc"?[^]*?\r\n\r\n([A-Za-z0-9+/=\r\n]+)/.exec(data) ?? [];
  return JSON.parse(Buffer.from(encoded, 'base64').toString());
}

/** What may be typed where a mail begins, and the two headers that it must not make. */
const INJECTIONS = ['\r\n', '\n', '\r', '\u2028', '\u0085', '\0\r\n'].map(
  (end) => `x${end}Bcc: eve@mail.example${end}${end}<b>`,
);

describe('a mail by SMTP', () => {
  let server: MailServer;
  let postman: Postman;
  beforeEach(async () => {
    server = await MailServer.open();
    postman = must(
      smtpPostman(`smtp://host:${PASSWORD}@localhost:${server.port}`, 'Specie <wallet@host.example>'),
    );
  });
  afterEach(() => server.close());

  it('comes with text, link and coins, from the host, to the one address', async () => {
    assert.equal(await postman.send(MAIL), undefined);
    const [taken] = server.taken;
    assert.ok(taken !== undefined && server.taken.length === 1);
    assert.match(taken.from, /^MAIL FROM:<wallet@host\.example>/);
    assert.deepEqual(taken.to, ['RCPT TO:<bo@mail.example>']);
    assert.equal(header(taken.data, 'To'), 'bo@mail.example');
    assert.equal(header(taken.data, 'From'), 'Specie <wallet@host.example>');
    assert.equal(header(taken.data, 'Message-ID'), `<${MAIL.id}@host.example>`);
    assert.match(header(taken.data, 'Subject'), /^=\?UTF-8\?Q\?F=C3=BCr_den_Kuchen\?=$/);
    assert.ok(taken.data.includes('\r\n.\r\n'), 'a dot by itself ends no mail');
    assert.ok(taken.data.replace(/=\r\n/g, '').includes('receive#key-key'));
    assert.deepEqual(attachmentOf(taken.data), STACK);
    assert.ok(server.said.some((line) => line.startsWith('AUTH PLAIN')));
  });

  it('has the same id when it is sent again', async () => {
    for (const _ of [1, 2]) assert.equal(await postman.send(MAIL), undefined);
    assert.deepEqual(
      server.taken.map(({ data }) => header(data, 'Message-ID')),
      Array(2).fill(`<${MAIL.id}@host.example>`),
    );
  });

  it('has no header that anybody typed', async () => {
    for (const typed of INJECTIONS) {
      assert.equal(await postman.send({ ...MAIL, subject: typed, fileName: `${typed}.oc` }), undefined);
      const to = await refusal(postman.send({ ...MAIL, to: `bo@mail.example${typed}` }));
      assert.equal(to.name, 'not possible');
    }
    for (const { data, to } of server.taken) {
      assert.deepEqual(to, ['RCPT TO:<bo@mail.example>']);
      assert.ok(!headersOf(data).some((line) => /^bcc/i.test(line)));
      header(data, 'Subject');
    }
    assert.equal(server.taken.length, INJECTIONS.length);
    assert.ok(!server.said.some((line) => line.includes('eve@')));
  });

  it('goes to no second address, and to nothing that is none', async () => {
    const wrong = [
      '',
      'bo',
      '@mail.example',
      'bo@',
      'bo@mail.example, eve@mail.example',
      'bo@mail.example eve@mail.example',
      'bo@mail.example;eve@mail.example',
      'Bo <bo@mail.example>',
      '<bo@mail.example>',
      'bo@mail.example (Bo)',
      '"a b"@mail.example',
      'friends: bo@mail.example',
      'a@b@mail.example',
      'bo@[127.0.0.1]',
      `${'b'.repeat(250)}@mail.example`,
    ];
    for (const to of wrong)
      assert.equal((await refusal(postman.send({ ...MAIL, to }))).name, 'not possible', to);
    assert.deepEqual(server.said, []);
    await assert.rejects(postman.send({ ...MAIL, id: '../../etc' }));
  });

  it('is refused for good where the server wants none for this address, for now otherwise', async () => {
    const answers = [
      ['RCPT', '550 no such bo, and pass-word-of-the-host', 'not possible'],
      ['.', '554 no', 'not possible'],
      ['RCPT', '451 later', 'unreachable'],
      ['.', '451 later', 'unreachable'],
      ['AUTH', '535 no', 'unreachable'],
      ['MAIL', '421 going down', 'unreachable'],
      ['DATA', '', 'unreachable'],
      ['EHLO', '', 'unreachable'],
    ] as const;
    for (const [word, answer, name] of answers) {
      server.answers.clear();
      server.answers.set(word, answer);
      const refused = await refusal(postman.send(MAIL));
      assert.equal(refused.name, name, `${word} ${answer}: ${refused.details}`);
      assert.match(refused.details, /^the mail server (?!localhost)[a-z]/);
      assert.ok(!refused.details.includes('bo'), "the server's own words are not repeated");
      assert.ok(!refused.details.includes(String(server.port)), 'members are not told which server it is');
    }
    assert.deepEqual(server.taken, []);
  });

  it('is refused for now by a server that is away, or never says a word', async () => {
    server.isSilent = true;
    const patient = must(smtpPostman(`smtp://localhost:${server.port}`, 'wallet@host.example', 50));
    assert.match((await refusal(patient.send(MAIL))).details, /does not answer in time/);
    const { port } = server;
    server.close();
    const away = must(smtpPostman(`smtp://localhost:${port}`, 'wallet@host.example'));
    const refused = await refusal(away.send(MAIL));
    assert.ok(refused.temporary, refused.details);
  });

  it('leaves this machine encrypted or not at all, unless the keeper says so', async () => {
    // A loopback address that no list of names has: to the postman another machine.
    const elsewhere = `smtp://host:${PASSWORD}@127.0.0.2:${server.port}`;
    const refused = await refusal(must(smtpPostman(elsewhere, 'wallet@host.example')).send(MAIL));
    assert.match(refused.details, /encryption/);
    assert.ok(!server.said.some((line) => line.startsWith('AUTH')), 'nor did the password');
    const told = must(smtpPostman(`${elsewhere}?requireTLS=false`, 'wallet@host.example'));
    assert.equal(await told.send(MAIL), undefined);
  });
});

describe('a postman', () => {
  it('is refused with a sender or a server that is none, and the password is not repeated', () => {
    const urls = [
      '',
      'mail.example',
      `https://host:${PASSWORD}@mail.example`,
      `smtp://:${PASSWORD}@`,
      'smtp:x',
    ];
    for (const url of urls) {
      const refused = smtpPostman(url, 'wallet@host.example');
      assert.ok(refused instanceof Refusal && !refused.details.includes(PASSWORD), url);
    }
    for (const from of ['', 'wallet', 'a@b.c, d@e.f', 'Wallet <a@b.c> x', 'a@b.c\r\nBcc: d@e.f']) {
      assert.ok(smtpPostman('smtp://localhost', from) instanceof Refusal, from);
      assert.ok(folderPostman(join(folder, 'never'), from) instanceof Refusal, from);
    }
  });
});

describe('a mail in a folder', () => {
  it('is one file that its owner alone reads, and replaces itself', async () => {
    const place = join(folder, 'mails');
    const postman = must(folderPostman(place, 'wallet@host.example'));
    assert.equal(await postman.send({ ...MAIL, text: 'first' }), undefined);
    await Promise.all([postman.send(MAIL), postman.send(MAIL)]);
    assert.deepEqual(readdirSync(place), [`${MAIL.id}.eml`]);
    const path = join(place, `${MAIL.id}.eml`);
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(place).mode & 0o777, 0o700);
    const data = readFileSync(path, 'utf8');
    assert.equal(header(data, 'To'), 'bo@mail.example');
    assert.deepEqual(attachmentOf(data), STACK);
    assert.ok(!data.includes('first'));
  });

  it('has no header that anybody typed, and stays in its folder', async () => {
    const place = join(folder, 'typed');
    const postman = must(folderPostman(place, 'wallet@host.example'));
    for (const [index, typed] of INJECTIONS.entries()) {
      const mail = { ...MAIL, id: `m${index}`, subject: typed, text: typed, fileName: `../${typed}.oc` };
      assert.equal(await postman.send(mail), undefined);
      const data = readFileSync(join(place, `m${index}.eml`), 'utf8');
      assert.ok(!headersOf(data).some((line) => /^bcc/i.test(line)));
      assert.ok(!data.includes('../'));
    }
    await assert.rejects(postman.send({ ...MAIL, id: '../out' }));
    await refusal(postman.send({ ...MAIL, to: 'bo' }));
    assert.equal(readdirSync(place).length, INJECTIONS.length);
  });

  it('is gone once it is forgotten, however often, and no other with it', async () => {
    const place = join(folder, 'forgetful');
    const postman = must(folderPostman(place, 'wallet@host.example'));
    for (const id of ['one', 'other']) assert.equal(await postman.send({ ...MAIL, id }), undefined);
    for (const id of ['one', 'one', 'never-sent']) await postman.forget(id);
    assert.deepEqual(readdirSync(place), ['other.eml']);
    await assert.rejects(postman.forget('../forgetful/other'));
    assert.deepEqual(readdirSync(place), ['other.eml']);
  });

  it('is refused for now where the folder cannot be written', async () => {
    const place = join(folder, 'gone');
    const postman = must(folderPostman(place, 'wallet@host.example'));
    rmSync(place, { recursive: true });
    writeFileSync(place, '');
    assert.equal((await refusal(postman.send(MAIL))).name, 'unreachable');
  });
});
