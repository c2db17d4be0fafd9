/** Anyone can check what an issuer and its coins say, and no change to what a signature covers goes unseen. */
import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { canonicalBytes } from '../src/base/canonical.ts';
import { utf8 } from '../src/base/bytes.ts';
import { LIMITS } from '../src/base/limits.ts';
import { verifyFiles } from '../src/apps/verify/verify.ts';
import type { Cdd, Cddc, Coin, MintKey, MintKeyCertificate, Payload } from '../src/protocol/documents.ts';
import { keyId, payloadBytes } from '../src/protocol/ids.ts';
import { suiteNamed } from '../src/suites/index.ts';
import { makeKey, must, secretsOf } from '../src/suites/keys.test-helper.ts';
import type { TestKey } from '../src/suites/keys.test-helper.ts';
import { ROOT, specie } from './support/processes.ts';

const EXAMPLES = join(ROOT, 'spec', 'vectors', 'opencoin-draft');
const names = readdirSync(EXAMPLES).toSorted();
const examples = new Map(names.map((name) => [name, readFileSync(join(EXAMPLES, name))]));

/** After the dates of the examples, which have passed: that is remarked on and no failure. */
const NOW = Date.UTC(2025, 0, 1);

/** The examples in which a signature stands. */
const SIGNED = [
  'blind_signature_a0.json',
  'blind_signature_a1.json',
  'blind_signature_a2.json',
  'cddc.json',
  'coin_a0.json',
  'coin_a1.json',
  'coin_a2.json',
  'coinstack.json',
  'mkc_1.json',
  'mkc_2.json',
  'mkc_5.json',
  'request_redeem.json',
  'request_renew.json',
  'response_cddc.json',
  'response_mint_a.json',
  'response_mkc.json',
];

/** The fields of stacks and messages that no signature covers: nobody vouches for what they say. */
const UNVOUCHED = [
  'blinds',
  'message_reference',
  'status_code',
  'status_description',
  'subject',
  'transaction_reference',
];

/** Lists of signed parts: each part is vouched for, but not which parts there are nor in what order. */
const UNVOUCHED_LISTS = ['blind_signatures', 'coins', 'keys'];

type Json = string | number | readonly Json[] | { readonly [field: string]: Json };

interface Change {
  readonly value: Json;
  /** Where and what. */
  readonly path: readonly string[];
  readonly what: string;
}

/** Every single change of a value and of what is within: leaf by leaf, list by list, field by field. */
function* changes(value: Json, path: readonly string[] = []): Generator<Change> {
  if (typeof value === 'string') yield* ofText(value, path);
  else if (typeof value === 'number') {
    for (const by of [1, -1]) yield { value: value + by, path, what: `${by} added` };
  } else if (isList(value)) yield* ofList(value, path);
  else yield* ofFields(value, path);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** One character changed, dropped or added: at the start, in the middle and at the end. */
function* ofText(text: string, path: readonly string[]): Generator<Change> {
  const places = new Set([0, Math.floor(text.length / 2), Math.max(text.length - 1, 0)]);
  for (const at of places) {
    const [head, here = '', tail] = [text.slice(0, at), text[at], text.slice(at + 1)];
    const others = ['0', 'a', 'Z'].filter((other) => other !== here);
    for (const other of others) {
      yield { value: `${head}${other}${tail}`, path, what: `character ${at} is now ${other}` };
      yield { value: `${head}${other}${here}${tail}`, path, what: `${other} added at ${at}` };
    }
    if (text !== '') yield { value: head + tail, path, what: `character ${at} dropped` };
  }
  for (const other of ['a', '\n']) yield { value: text + other, path, what: `${other} at the end` };
  if (text.toUpperCase() !== text) yield { value: text.toUpperCase(), path, what: 'in capitals' };
}

function* ofList(list: readonly Json[], path: readonly string[]): Generator<Change> {
  for (const [at, element] of list.entries()) {
    yield { value: list.toSpliced(at, 1), path, what: `element ${at} dropped` };
    yield { value: list.toSpliced(at, 0, element), path, what: `element ${at} doubled` };
    const next = list[at + 1];
    if (next !== undefined) {
      yield { value: list.with(at, next).with(at + 1, element), path, what: `${at} and the next exchanged` };
    }
    for (const within of changes(element, [...path, String(at)])) {
      yield { ...within, value: list.with(at, within.value) };
    }
  }
}

function* ofFields(fields: Readonly<Record<string, Json>>, path: readonly string[]): Generator<Change> {
  for (const [field, value] of Object.entries(fields)) {
    const { [field]: _dropped, ...rest } = fields;
    yield { value: rest, path, what: `${field} dropped` };
    for (const within of changes(value, [...path, field])) {
      yield { ...within, value: { ...fields, [field]: within.value } };
    }
  }
  for (const value of [1, 'a']) yield { value: { ...fields, unknown: value }, path, what: 'a field added' };
}

/** Whether nobody vouches for what was changed. A field that is dropped or added is a change of what holds it. */
function isUnvouched({ path: [top = '', ...rest] }: Change): boolean {
  return UNVOUCHED.includes(top) || (UNVOUCHED_LISTS.includes(top) && rest.length === 0);
}

function read(name: string): Json {
  return JSON.parse(readFileSync(join(EXAMPLES, name), 'utf8')) as Json;
}

function bytesOf(value: object | Json): Uint8Array {
  return utf8(JSON.stringify(value));
}

/** The names of the files that fail when one of the examples is another. */
function failuresWith(name: string, value: Json): string[] {
  const verdicts = verifyFiles(new Map(examples).set(name, Buffer.from(bytesOf(value))), NOW);
  return verdicts.filter(({ ok }) => !ok).map((verdict) => verdict.name);
}

describe('the published examples', () => {
  it('are all accepted by the command, a line each', async () => {
    const ended = await specie(['verify', ...names], { cwd: EXAMPLES });
    assert.equal(ended.status, 0, ended.stdout);
    assert.equal(ended.stderr, '');
    const lines = ended.stdout.trimEnd().split('\n');
    assert.deepEqual(
      lines.map((line) => line.split(':')[0]),
      names,
    );
    for (const line of lines) assert.match(line, /^[a-z0-9_]+\.json: ok( \(.*\))?$/);
    assert.match(ended.stdout, /^cddc\.json: ok \(.*expired on 2023-07-08.*512 bits.*\)$/m);
    assert.match(ended.stdout, /^coin_a0\.json: ok \(coins expired on 2023-10-16\)$/m);
  });

  it('are accepted in any order', () => {
    const reversed = new Map([...examples].toReversed());
    assert.ok(verifyFiles(reversed, NOW).every(({ ok }) => ok));
  });

  it('are remarked on only once their dates have passed', () => {
    const early = verifyFiles(examples, Date.UTC(2022, 8, 1));
    assert.ok(early.every(({ ok, notes }) => ok && !notes.some((note) => note.includes('expired'))));
  });

  it('are said to carry no signature where they carry none', () => {
    const without = verifyFiles(examples, NOW).filter(({ notes }) => notes.includes('carries no signature'));
    assert.deepEqual(
      without.map(({ name }) => name),
      names.filter((name) => !SIGNED.includes(name)),
    );
  });
});

describe('any single change to what a signature covers is seen', () => {
  for (const name of SIGNED) {
    it(`in ${name}, and nothing else is blamed for it`, () => {
      let count = 0;
      for (const change of changes(read(name))) {
        if (isUnvouched(change)) continue;
        count++;
        const where = `${change.path.join('.')}: ${change.what}`;
        assert.deepEqual(failuresWith(name, change.value), [name], where);
      }
      assert.ok(count > 50, `${count} changes`);
    });
  }

  it('and nobody vouches for the fields that are listed so', () => {
    const unseen = new Set<string>();
    for (const name of SIGNED) {
      for (const change of changes(read(name))) {
        const [top = ''] = change.path;
        if (!isUnvouched(change) || unseen.has(top)) continue;
        if (failuresWith(name, change.value).length === 0) unseen.add(top);
      }
    }
    assert.deepEqual([...unseen].toSorted(), [...UNVOUCHED, ...UNVOUCHED_LISTS].toSorted());
  });
});

/** A currency of its own, to sign what the examples do not hold. */
class Currency {
  readonly suite = must(suiteNamed('RSA-SHA512-CHAUM86'));
  readonly master: TestKey = makeKey(1024);
  readonly mint: TestKey = makeKey(1024);
  readonly #example = (read('cddc.json') as unknown as Cddc).cdd;
  readonly id = keyId(this.master.document);

  cddc(fields: Partial<Cdd> = {}): Cddc {
    const key = { id: this.id, issuer_public_master_key: this.master.document };
    const cdd: Cdd = { ...this.#example, ...key, ...fields };
    return { cdd, signature: this.#signed(canonicalBytes(cdd)), type: 'cdd certificate' };
  }

  certificate(fields: Partial<MintKey> = {}): MintKeyCertificate {
    const example = (read('mkc_1.json') as unknown as MintKeyCertificate).mint_key;
    const key = { id: keyId(this.mint.document), issuer_id: this.id, public_mint_key: this.mint.document };
    const mint_key: MintKey = { ...example, ...key, ...fields };
    return { mint_key, signature: this.#signed(canonicalBytes(mint_key)), type: 'mint key certificate' };
  }

  /** A coin that its maker had signed without the mint seeing what it says. */
  coin(fields: Partial<Payload> = {}): Coin {
    const example = read('payload_a0.json') as unknown as Payload satisfies Payload;
    const payload = { ...example, issuer_id: this.id, mint_key_id: keyId(this.mint.document), ...fields };
    const bytes = payloadBytes(payload);
    const blind = this.suite.prepare(this.mint.public, bytes, secretsOf('coin'));
    const answer = this.suite.signPlainly(this.mint.secretDocument, blind);
    const signature = must(this.suite.unblind(this.mint.public, bytes, answer, secretsOf('coin')));
    return { payload, signature, type: 'coin' };
  }

  #signed(bytes: Uint8Array): string {
    for (const hash of ['sha256', 'sha512']) {
      const signature = sign(hash, bytes, this.master.secretObject).toString('hex').replace(/^0+/, '');
      if (this.suite.documents.verify(this.master.public, bytes, signature)) return signature;
    }
    throw new Error('no hash fits the suite');
  }
}

function reasons(documents: Readonly<Record<string, object>>): Record<string, string> {
  const files = Object.entries(documents).map(([name, value]) => [name, bytesOf(value)] as const);
  const failed = verifyFiles(new Map(files), NOW).filter(({ ok }) => !ok);
  return Object.fromEntries(failed.map(({ name, notes }) => [name, notes.join()]));
}

describe('what is signed and still wrong', () => {
  const currency = new Currency();
  const stack = (coins: readonly Coin[]) => ({ coins, subject: '', type: 'coinstack' });

  it('fails nowhere in a sound currency', () => {
    const [cddc, key, coin] = [currency.cddc(), currency.certificate(), currency.coin()];
    assert.deepEqual(reasons({ cddc, key, coin, stack: stack([coin, currency.coin({ serial: 'b' })]) }), {});
  });

  const wrong: Readonly<Record<string, [cdd: Partial<Cdd>, key: Partial<MintKey>, coin: Partial<Payload>]>> =
    {
      'a coin’s denomination is not its mint key’s': [{}, {}, { denomination: 2 }],
      'the mint key of a coin is another issuer’s': [{}, {}, { issuer_id: 'a'.repeat(64) }],
      'a coin’s protocol version is not known here': [{}, {}, { protocol_version: 'https://other.example' }],
      'a coin’s location is not its description’s': [{}, {}, { cdd_location: 'https://evil.example' }],
      'the certificate of a mint key is not among the files': [{}, {}, { mint_key_id: 'a'.repeat(64) }],
    };
  for (const [reason, [cdd, key, coin]] of Object.entries(wrong)) {
    it(`a coin: ${reason}`, () => {
      const documents = {
        cddc: currency.cddc(cdd),
        key: currency.certificate(key),
        coin: currency.coin(coin),
      };
      assert.deepEqual(reasons(documents), { coin: reason });
    });
  }

  it('a description under another id or of another protocol', () => {
    assert.deepEqual(reasons({ cddc: currency.cddc({ id: 'a'.repeat(64) }) }), {
      cddc: 'its id is not the hash of its master key',
    });
    assert.deepEqual(reasons({ cddc: currency.cddc({ protocol_version: 'https://other.example' }) }), {
      cddc: 'its protocol version is not known here',
    });
  });

  it('a mint key under another id or of a denomination that is not', () => {
    const cddc = currency.cddc();
    assert.deepEqual(reasons({ cddc, key: currency.certificate({ id: 'a'.repeat(64) }) }), {
      key: 'its id is not the hash of its key',
    });
    assert.deepEqual(reasons({ cddc, key: currency.certificate({ denomination: 3 }) }), {
      key: 'its issuer has no such denomination',
    });
  });

  it('a stack with a coin twice or of two currencies', () => {
    const other = new Currency();
    const [mine, theirs] = [currency.coin(), other.coin()];
    const anchors = {
      a: currency.cddc(),
      b: currency.certificate(),
      c: other.cddc(),
      d: other.certificate(),
    };
    assert.deepEqual(reasons({ ...anchors, stack: stack([mine, mine]) }), {
      stack: 'a coin stands in it twice',
    });
    assert.deepEqual(reasons({ ...anchors, stack: stack([mine, theirs]) }), {
      stack: 'its coins are of more than one currency',
    });
  });

  it('is no key of an earlier description, whichever file comes first', () => {
    const earlier = currency.cddc();
    const later = currency.cddc({
      cdd_serial: 2,
      denominations: [2, 5],
      cdd_location: 'https://moved.example',
    });
    const [key, coin] = [currency.certificate(), currency.coin()];
    assert.deepEqual(reasons({ earlier, later, key, coin }), {});
    assert.deepEqual(reasons({ coin, key, later, earlier }), {});
  });
});

describe('specie verify', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'specie-verify-'));
    for (const [name, bytes] of examples) writeFileSync(join(folder, name), bytes);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** The lines of the files that failed. Checks that nothing but lines was said and the status is 1. */
  async function failures(...args: string[]): Promise<string[]> {
    const ended = await specie(['verify', ...args], { cwd: folder });
    assert.equal(ended.status, 1, ended.stdout);
    assert.equal(ended.stderr, '');
    assert.doesNotMatch(ended.stdout, /^ {4}at |node:|\.ts\b/m);
    const lines = ended.stdout.trimEnd().split('\n');
    assert.equal(lines.length, args.length);
    return lines.filter((line) => !/: ok( \(.*\))?$/.test(line));
  }

  it('says which file was changed, and why it fails', async () => {
    const altered = (name: string, from: string, to: string) => {
      const text = readFileSync(join(EXAMPLES, name), 'utf8');
      assert.ok(text.includes(from));
      writeFileSync(join(folder, `altered_${name}`), text.replace(from, to));
      return `altered_${name}`;
    };
    const coin = altered('coin_a0.json', '93608b9f', '93608b9e');
    const key = altered('mkc_1.json', '2023-10-16', '2033-10-16');
    const cddc = altered('cddc.json', 'OpenCent', 'OpenCant');
    const answer = altered('blind_signature_a0.json', '"68f1', '"68f2');
    assert.deepEqual(await failures(...names, coin, key, cddc, answer), [
      `${coin}: FAILED: the signature of a coin does not verify`,
      `${key}: FAILED: its signature does not verify`,
      `${cddc}: FAILED: its signature does not verify`,
      `${answer}: FAILED: a blind signature does not fit its blind`,
    ]);
  });

  const alone = {
    'mkc_1.json': 'the certificate of its issuer is not among the files',
    'coin_a0.json': 'the certificate of a mint key is not among the files',
    'coinstack.json': 'the certificate of a mint key is not among the files',
    'blind_signature_a0.json': 'the blind of a blind signature is not among the files',
  };
  for (const [name, reason] of Object.entries(alone)) {
    it(`misses what ${name} hangs on`, async () => {
      assert.deepEqual(await failures(name), [`${name}: FAILED: ${reason}`]);
    });
  }

  it('says of what cannot be read why not, and goes on to the rest', async () => {
    const contents = {
      'empty.json': '',
      'text.json': 'Dear mint,',
      'latin1.json': Buffer.from('{"type":"caf\u00e9"}', 'latin1'),
      'other.json': '{"type":"invoice"}',
      'list.json': '[]',
      'large.json': JSON.stringify({ type: 'coinstack', subject: 'x'.repeat(LIMITS.messageBytes) }),
    };
    for (const [name, content] of Object.entries(contents)) writeFileSync(join(folder, name), content);
    const said = await failures(...Object.keys(contents), '.', 'none.json', 'empty.json/x', 'cddc.json');
    const reason = (name: string) => said.find((line) => line.startsWith(`${name}: FAILED: `)) ?? '';
    assert.equal(said.length, 9);
    assert.match(reason('empty.json'), /not JSON/);
    assert.match(reason('text.json'), /not JSON/);
    assert.match(reason('latin1.json'), /not UTF-8/);
    assert.match(reason('other.json'), /message\.type: must be one of/);
    assert.match(reason('list.json'), /message\.type/);
    assert.match(reason('large.json'), new RegExp(`the limit is ${LIMITS.messageBytes}`));
    assert.match(reason('.'), /is a folder/);
    assert.match(reason('none.json'), /does not exist/);
    assert.match(reason('empty.json/x'), /is not in a folder/);
  });

  it('is used with files and without options', async () => {
    for (const args of [[], ['--all'], ['cddc.json', '-v']]) {
      const ended = await specie(['verify', ...args], { cwd: folder });
      assert.equal(ended.status, 2);
      assert.match(ended.stderr, /^specie: usage: specie verify FILE\.\.\.\n$/);
    }
  });
});
