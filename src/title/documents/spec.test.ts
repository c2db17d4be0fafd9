/** spec/title.md and its vectors against the code. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { bytesToHex, hexToBytes, utf8 } from '../../base/bytes.ts';
import { REFUSALS, Refusal } from '../../base/refusal.ts';
import {
  readForm,
  readFormJson,
  readTitleRequest,
  readTitleRequestJson,
  readTitleResponse,
  readTitleResponseJson,
} from './codec.ts';
import { Group, SignedRoot, TitleClassCertificate, TitleProof, Transfer } from './documents.ts';
import type { Form } from './form.ts';
import { MESSAGE_FORMS, RECORDS, fieldsOf } from './kinds.test-helper.ts';
import type { FormSchema } from './kinds.test-helper.ts';
import { TITLE_LIMITS } from './limits.ts';
import { proofFault } from './proof.ts';
import { verify } from './samples.test-helper.ts';
import { titleVectors } from './vectors.test-helper.ts';

const text = readFileSync(new URL('../../../spec/title.md', import.meta.url), 'utf8');

/** The text under a heading, to the next of any level. */
function section(heading: string): string {
  const after = `\n${text}`.split(`\n${heading}\n`)[1];
  assert.ok(after !== undefined, `there is a section ${heading}`);
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

function assertDescribes(heading: string, schema: FormSchema): void {
  const written = rows(heading).map(([name = '', kind, at]) => [name.replaceAll('`', ''), kind, at]);
  assert.deepEqual(
    written,
    fieldsOf(schema).map(({ name, kind, at }) => [name, kind, at === undefined ? '' : String(at)]),
  );
}

describe('spec/title.md', () => {
  for (const [name, schema] of RECORDS)
    it(`describes every field of ${name}, and no other`, () => {
      assertDescribes(`### \`${name}\``, schema);
    });

  for (const [type, { kind, form }] of Object.entries(MESSAGE_FORMS))
    it(`describes every field of ${type}, and no other`, () => {
      assertDescribes(`### \`${type}\``, form.schema);
      assert.match(section(`### \`${type}\``), new RegExp(`^\\nKind ${kind}\\.`));
    });

  it('has no section of what there is not', () => {
    const headings = [...text.matchAll(/^### `(.+)`$/gm)].map(([, name]) => name);
    assert.deepEqual(headings.toSorted(), [...RECORDS.keys(), ...Object.keys(MESSAGE_FORMS)].toSorted());
  });

  it('has the table of limits', () => {
    const written = rows('## Limits').map(([name = '', value]) => [name.replaceAll('`', ''), Number(value)]);
    assert.deepEqual(Object.fromEntries(written), TITLE_LIMITS);
  });

  it('says of every domain what it is for, as the code has them', () => {
    const code = readFileSync(new URL('signed.ts', import.meta.url), 'utf8');
    const domains = [...code.matchAll(/utf8\('(specie title [^']+)'\)/g)].map(([, domain = '']) => domain);
    const written = [...text.matchAll(/`"(specie title [^"]+)"`/g)].map(([, domain = '']) => domain);
    assert.equal(domains.length, 7);
    assert.deepEqual(new Set(written), new Set(domains));
  });

  it('names refusals that there are', () => {
    const named = [
      '## Transfers',
      '## Classes, serials, cells',
      '### `request title root`',
      '### `request title`',
    ]
      .map(section)
      .flatMap((each) => [...each.matchAll(/`([a-z]+(?: [a-z]+)*)`/g)].map(([, name = '']) => name))
      .filter((name) => !isField(name));
    assert.ok(named.length > 15);
    for (const name of named) assert.ok(Object.hasOwn(REFUSALS, name), name);
  });
});

/** Whether a name in code is that of a field, a limit or a message. */
function isField(name: string): boolean {
  const messages = Object.values(MESSAGE_FORMS).map(({ form }) => form.schema as FormSchema);
  const fields = [...RECORDS.values(), ...messages].flatMap((schema) =>
    fieldsOf(schema).map((each) => each.name),
  );
  return fields.includes(name) || Object.hasOwn(TITLE_LIMITS, name) || /^(request|response) /.test(name);
}

interface Both {
  readonly bytes: string;
  readonly json: unknown;
}

interface Vectors {
  readonly class: Both;
  readonly transfers: readonly Both[];
  readonly groups: readonly Both[];
  readonly proof: Both;
  readonly root: Both;
  readonly messages: readonly Both[];
  readonly keys: readonly { readonly name: string; readonly public_key: string }[];
}

describe('spec/vectors/title.json', () => {
  const vectors = JSON.parse(
    readFileSync(new URL('../../../spec/vectors/title.json', import.meta.url), 'utf8'),
  ) as Vectors;

  it('is what a server says under these keys', async () => {
    assert.deepEqual(JSON.parse(JSON.stringify(await titleVectors())), vectors);
  });

  it('is read in both forms, to the same', () => {
    const documents: [unknown, readonly Both[]][] = [
      [TitleClassCertificate, [vectors.class]],
      [Transfer, vectors.transfers],
      [Group, vectors.groups],
      [TitleProof, [vectors.proof]],
      [SignedRoot, [vectors.root]],
    ];
    for (const [form, all] of documents)
      for (const { bytes, json } of all) {
        const value = readForm(form as Form<unknown>, hexToBytes(bytes), 'document');
        assert.ok(!(value instanceof Refusal));
        assert.deepEqual(value, readFormJson(form as Form<unknown>, json, 'document'));
      }
    for (const { bytes, json } of vectors.messages) {
      const type = (json as { type: string }).type;
      const [read, readJson] = type.startsWith('request ')
        ? [readTitleRequest, readTitleRequestJson]
        : [readTitleResponse, readTitleResponseJson];
      const message = read(hexToBytes(bytes));
      assert.ok(!(message instanceof Refusal), type);
      assert.deepEqual(message, readJson(utf8(JSON.stringify(json))));
    }
  });

  it('has a proof that holds', () => {
    const server = vectors.keys.find(({ name }) => name === 'server')?.public_key ?? '';
    const proof = readForm(TitleProof, hexToBytes(vectors.proof.bytes), 'proof');
    if (proof instanceof Refusal) assert.fail(proof.details);
    assert.equal(proofFault(hexToBytes(server), proof, verify), undefined);
    assert.equal(bytesToHex(proof.holding.title_class), (vectors.class as unknown as { id: string }).id);
  });
});
