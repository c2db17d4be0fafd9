import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { canonicalBytes } from '../src/base/canonical.ts';
import type { Canonical } from '../src/base/canonical.ts';
import { utf8 } from '../src/base/bytes.ts';
import { LIMITS } from '../src/base/limits.ts';
import { REFUSALS, Refusal } from '../src/base/refusal.ts';
import {
  DOCUMENTS,
  REQUESTS,
  RESPONSES,
  TELLER_REQUESTS,
  TELLER_RESPONSES,
} from '../src/protocol/catalogue.ts';
import { decodeAny } from '../src/protocol/codec.ts';
import type { SignedReceipt, SignedStatement } from '../src/protocol/attestations.ts';
import { ACTION_NAMES } from '../src/protocol/governance.ts';
import type { SignedOrder } from '../src/protocol/governance.ts';
import { coinId, hashOf } from '../src/protocol/ids.ts';
import { JournalEvent } from '../src/protocol/journal.ts';
import type { SignedEntry } from '../src/protocol/journal.ts';
import type { RequestFund } from '../src/protocol/messages/fund.ts';
import type { RequestRedeem } from '../src/protocol/messages/redeem.ts';
import { verifyEd25519 } from '../src/signers/ed25519.ts';

const spec = new URL('../spec/', import.meta.url);
/** The normative pages with documents and messages: what a bank answers has one of its own. */
const PAGES = ['protocol.md', 'bank.md'];
const text = PAGES.map((page) => readFileSync(new URL(page, spec), 'utf8')).join('\n');

/** The text under a heading, to the next of any level; empty where there is no such heading. */
function section(heading: string): string {
  const after = `\n${text}`.split(`\n${heading}\n`)[1] ?? '';
  return after.split(/^#+ /m)[0] ?? '';
}

/** The rows of the section's one table, without its head, as cells. */
function rows(heading: string): string[][] {
  const lines = section(heading).match(/^\|.*\|$/gm) ?? [];
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** What a cell names in code. */
function named(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name);
}

interface ObjectSchema {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly required?: readonly string[];
}

const examples = [...text.matchAll(/^```json\n(.*?)\n```$/gms)].map(([, json = '']) => json);

const EVERYTHING = { ...DOCUMENTS, ...REQUESTS, ...RESPONSES, ...TELLER_REQUESTS, ...TELLER_RESPONSES };

const RFC_8032_KEY = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';

/** The first example of a type. */
function example(type: string): unknown {
  const found = examples.find((each) => (JSON.parse(each) as { type?: string }).type === type);
  assert.ok(found !== undefined, `there is an example of a ${type}`);
  return JSON.parse(found);
}

describe('spec/protocol.md and spec/bank.md', () => {
  for (const [type, schema] of Object.entries(EVERYTHING)) {
    it(`describes every field of ${type}, and no other`, () => {
      const { properties, required = [] } = schema as unknown as ObjectSchema;
      const table = rows(`### \`${type}\``);
      const fields = table.flatMap(([field]) => named(field));
      assert.deepEqual(fields.toSorted(), Object.keys(properties).toSorted());
      for (const [field, kind = ''] of table)
        for (const name of named(field))
          assert.equal(/\boptional\b/.test(kind), !required.includes(name), name);
      const ownType = table.find(([field]) => field === '`type`');
      assert.equal(ownType?.[1], `\`"${type}"\``);
    });
  }

  it('has the table of refusals', () => {
    const written = rows('## Refusals').map(([name, code, sentence]) => [name, Number(code), sentence]);
    assert.deepEqual(
      written,
      Object.entries(REFUSALS).map(([name, { code, next }]) => [name, code, next]),
    );
  });

  it('has the table of limits', () => {
    const written = rows('## Limits').map(([name, value]) => [named(name)[0], Number(value)]);
    assert.deepEqual(Object.fromEntries(written), LIMITS);
  });

  it('has examples that can be read', () => {
    assert.ok(examples.length > 20);
    for (const example of examples) {
      const read = decodeAny(utf8(example));
      if (read instanceof Refusal) assert.fail(`${read.details}\n${example}`);
    }
  });

  it('prints the published examples to the letter', () => {
    const printed = [...text.matchAll(/\]\((vectors\/[^)]+)\)[^#]*?```json\n(.*?)\n```/gs)];
    assert.ok(printed.length > 12);
    for (const [, path = '', json] of printed)
      assert.equal(json, readFileSync(new URL(path, spec), 'utf8').trimEnd(), path);
  });

  it('signs the example of a funding', () => {
    const { funding, signature } = example('request fund') as RequestFund;
    assert.ok(verifyEd25519(funding.cashier, canonicalBytes(funding), signature));
  });

  it('signs the examples of a statement, a receipt, a revocation, a journal entry and a wish', () => {
    const signed = [
      ['signed statement', 'statement'],
      ['signed receipt', 'receipt'],
      ['mint key revocation certificate', 'revocation'],
      ['signed journal entry', 'entry'],
      ['request receipts', 'wanted'],
    ] as const;
    for (const [type, field] of signed) {
      const { signature, [field]: document = null } = example(type) as Record<string, Canonical> & {
        readonly signature: string;
      };
      assert.ok(verifyEd25519(RFC_8032_KEY, canonicalBytes(document), signature), type);
    }
    const { entry } = example('signed journal entry') as SignedEntry;
    assert.equal(entry.event.type, 'ordered');
    const { order, signatures } = (entry.event as { order: SignedOrder }).order;
    for (const { operator, signature } of signatures)
      assert.ok(verifyEd25519(operator, canonicalBytes(order), signature));
  });

  it('has an example of a statement that adds up', () => {
    const { statement } = example('signed statement') as SignedStatement;
    assert.equal(statement.treasury + statement.float, statement.authorised);
    const left = statement.denominations.map(({ issued, redeemed }) => issued - redeemed);
    assert.equal(
      left.reduce((total, each) => total + each, 0),
      statement.float,
    );
  });

  it('has an example of a receipt for the published coins', () => {
    const redemption = JSON.parse(
      readFileSync(new URL('vectors/opencoin-draft/request_redeem.json', spec), 'utf8'),
    ) as RequestRedeem;
    const { receipt } = example('signed receipt') as SignedReceipt;
    assert.equal(receipt.redemption, hashOf(redemption.coins.map(({ payload }) => coinId(payload)).sort()));
    const worth = redemption.coins.map(({ payload }) => payload.denomination);
    assert.equal(
      receipt.amount,
      worth.reduce((total, each) => total + each, 0),
    );
  });

  it('names every action and every event', () => {
    const inTable = (heading: string) => rows(heading).map(([name]) => name);
    const actions = ACTION_NAMES.map((name) => `\`"${name}"\``);
    assert.deepEqual(inTable('#### Actions').toSorted(), actions.toSorted());
    const events = JournalEvent.anyOf.map(({ properties }) => `\`"${properties.type.const}"\``);
    assert.deepEqual(inTable('## The journal').toSorted(), events.toSorted());
  });
});

describe('spec/', () => {
  it('links and names only files that there are', () => {
    const pages = [
      'README.md',
      'protocol.md',
      'bank.md',
      'title.md',
      'divergences.md',
      'wallet-derivation.md',
      'bindings/http.md',
      'bindings/handing-over.md',
      'bindings/handing-over-titles.md',
    ];
    for (const page of pages) {
      const written = readFileSync(new URL(page, spec), 'utf8');
      for (const [, path = ''] of written.matchAll(/\]\(([\w./-]+)\)/g))
        assert.ok(existsSync(new URL(path, new URL(page, spec))), `${page}: ${path}`);
      for (const [, path = ''] of written.matchAll(/`((?:vectors|suites|bindings|schemata)\/[\w./-]*)`/g))
        assert.ok(existsSync(new URL(path, spec)), `${page}: ${path}`);
    }
  });
});
