/** What the demo's title server begins with: a class whose issuer's key lies beside the books, and a pool that gives change. */
import { join } from 'node:path';
import { hexToBytes } from '../../../base/bytes.ts';
import { Refusal } from '../../../base/refusal.ts';
import { signEd25519 } from '../../../signers/ed25519.ts';
import { TITLE_LIMITS } from '../../../title/documents/limits.ts';
import { post } from '../../../transports/http-client.ts';
import type { TitleWay } from '../../../title/audit/ask.ts';
import { fillPool } from '../../title/filling.ts';
import { findClass, newClass, nextVersion, rangesFor, registerClass } from '../../title/issuing.ts';
import type { IssueWish, IssuerKey } from '../../title/issuing.ts';
import { openKeyFile } from '../operator/key.ts';

export const DEMO_CLASS = 'Demo shares';

const WORDS = {
  name: DEMO_CLASS,
  entitles: 'A share in nothing at all: these titles are here so that everything can be tried.',
  unit: 'shares',
  denominations: [1, 2, 5, 10],
};
const POOL: IssueWish = [
  { denomination: 1, count: 160 },
  { denomination: 2, count: 96 },
  { denomination: 5, count: 64 },
  { denomination: 10, count: 32 },
];

/** The file of the issuer's key in the data folder of the demo's titles. */
export function demoIssuerKey(data: string): string {
  return join(data, 'issuer.key');
}

/** Registers the demo's class where there is none, and fills its pool once. What a start that was cut short left is done. */
export async function demoTitles(data: string, url: string): Promise<Refusal | undefined> {
  const opened = await openKeyFile(demoIssuerKey(data), NOBODY);
  if (opened instanceof Refusal) return opened;
  const key: IssuerKey = {
    publicKey: hexToBytes(opened.publicKey),
    sign: (bytes) => hexToBytes(signEd25519(opened.secret, bytes)),
  };
  const way: TitleWay = (request) =>
    post(url, request, TITLE_LIMITS.messageBytes, 'application/octet-stream');
  const known = await findClass(way, DEMO_CLASS);
  if (known instanceof Refusal && known.name !== 'unknown') return known;
  const first = known instanceof Refusal ? await newClass(way, key, WORDS) : known;
  if (first instanceof Refusal) return first;
  if (first.title_class.ranges.length > 0) return filled(way, key, first);
  const id = await registerClass(way, first);
  if (id instanceof Refusal) return id;
  const second = nextVersion(key, first, rangesFor(POOL, [key.publicKey]));
  if (second instanceof Refusal) return second;
  const taken = await registerClass(way, second);
  return taken instanceof Refusal ? taken : filled(way, key, second);
}

async function filled(...given: Parameters<typeof fillPool>): Promise<Refusal | undefined> {
  const moved = await fillPool(...given);
  return moved instanceof Refusal ? moved : undefined;
}

/** The demo's key has no passphrase: nobody is asked. */
const NOBODY = { passphrase: () => Promise.resolve('') };
