/** Titles for somebody else, for the pool, or for this wallet itself under other pseudonyms. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, hexToBytes, sameBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { Condition } from '../documents/documents.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import { readAddress } from './address.ts';
import type { Address } from './address.ts';
import { ask } from './ask.ts';
import type { WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import type { ConditionView, GiveWish, TitleName } from './facade.ts';
import { heldTitle } from './holdings.ts';
import type { Held } from './holdings.ts';
import { pseudonymAt } from './pseudonyms.ts';
import { isPool, serverOf } from './servers.ts';
import type { KnownServer, TitleOperation } from './state.ts';
import { make } from './transfer.ts';

const KEY = /^[0-9a-f]{64}$/;

/** Titles of one class that can be transferred now. */
interface Ready {
  readonly known: WalletClass;
  readonly server: KnownServer;
  readonly titles: readonly Held[];
}

/** Transfers titles to an address. */
export async function give(context: Context, wish: GiveWish): Promise<TitleOperation | Refusal> {
  const ready = readyTitles(context, wish.titles);
  if (ready instanceof Refusal) return ready;
  const { known, server, titles } = ready;
  const pseudonyms = destinations(server, wish.to, titles.length);
  if (pseudonyms instanceof Refusal) return pseudonyms;
  const condition = wish.condition === undefined ? undefined : readCondition(wish.condition);
  if (condition instanceof Refusal) return condition;
  return make(context, {
    kind: 'give',
    known,
    inputs: titles.map((held, at) => ({ held, to: { holder: pseudonymAt(pseudonyms, at), condition } })),
    change: [],
    amount: worth(titles),
    reference: wish.reference ?? '',
    kept: {},
  });
}

/** Fills the pool of a class: whoever has titles of it can change them for these. */
export async function fillPool(
  context: Context,
  names: readonly TitleName[],
): Promise<TitleOperation | Refusal> {
  const ready = readyTitles(context, names);
  if (ready instanceof Refusal) return ready;
  const { known, titles } = ready;
  const to = { holder: hexToBytes(known.server), condition: undefined };
  const inputs = titles.map((held) => ({ held, to }));
  return make(context, {
    kind: 'pool',
    known,
    inputs,
    change: [],
    amount: worth(titles),
    reference: '',
    kept: {},
  });
}

/** Titles for others of the pool that are worth the same. */
export async function split(
  context: Context,
  names: readonly TitleName[],
  into: readonly number[],
): Promise<TitleOperation | Refusal> {
  const ready = readyTitles(context, names);
  if (ready instanceof Refusal) return ready;
  const { known, server, titles } = ready;
  const { denominations, unit } = known.certificate.title_class.terms;
  const wrong = into.find((denomination) => !denominations.includes(denomination));
  if (wrong !== undefined)
    return refuse(
      'not possible',
      `${wrong}: the denominations of this class are ${denominations.join(', ')}`,
    );
  if (into.length > TITLE_LIMITS.titlesPerTransfer) return tooMany();
  const wanted = into.reduce((total, denomination) => total + denomination, 0);
  if (wanted !== worth(titles))
    return refuse('unbalanced', `the titles are worth ${worth(titles)} ${unit}, what is wanted ${wanted}`);
  const { keys, change } = context.pseudonyms.take(server, into.length);
  const pool = { holder: hexToBytes(known.server), condition: undefined };
  return make(context, {
    kind: 'split',
    known,
    inputs: titles.map((held) => ({ held, to: pool })),
    change: into.map((denomination, at) => ({
      denomination,
      to: { holder: pseudonymAt(keys, at), condition: undefined },
    })),
    amount: wanted,
    reference: '',
    kept: change,
  });
}

/** A secret that is shown so shortly before the time may come too late, and then the other side has it for nothing. */
const SHOW_BEFORE = 60_000;

/**
 * Makes a title that a condition binds one of this wallet's without: with the secret, or after its time as its fallback. The time is
 * the server's: by that it decides.
 */
export async function claim(
  context: Context,
  name: TitleName,
  secret: string | undefined,
): Promise<TitleOperation | Refusal> {
  const held = heldTitle(context, name);
  if (held === undefined) return notHeld(name);
  if (held.isLeaving) return leaving(name);
  const server = serverOf(context, held.known.server);
  if (server instanceof Refusal) return server;
  if (held.condition === undefined) return refuse('not possible', 'no condition binds this title');
  const said = await ask(context, server, { type: 'request title server' });
  if (said instanceof Refusal) return said;
  const used = secretFor(context, held, { secret, now: said.time });
  if (used instanceof Refusal) return used;
  const { keys, change } = context.pseudonyms.take(server, 1);
  const to = { holder: pseudonymAt(keys, 0), condition: undefined };
  return make(context, {
    kind: 'claim',
    known: held.known,
    inputs: [{ held, to, secret: used }],
    now: said.time,
    change: [],
    amount: held.denomination,
    reference: '',
    kept: change,
  });
}

/** The pseudonyms that an address names, for titles of this server. */
export function destinations(
  server: KnownServer,
  typed: string,
  titles: number,
): readonly Uint8Array[] | Refusal {
  const address: Address | Refusal = readAddress(typed);
  if (address instanceof Refusal) return address;
  if (address.server !== undefined && address.server !== server.id)
    return refuse('not possible', 'the address is for titles of another server');
  if (address.server === undefined && titles > 1)
    return refuse('not possible', 'a bare key is an address for one title; ask for an address');
  if (address.pseudonyms.some((each) => isPool(server.id, each)))
    return refuse('not possible', 'the address is the server’s pool, which nothing comes back from');
  return address.pseudonyms;
}

/** What binds the secret of a condition, as a claim needs it; undefined where its time is over. */
function secretFor(
  { book }: Context,
  { known, condition, isFallback }: Held,
  { secret, now }: { readonly secret: string | undefined; readonly now: number },
): Uint8Array | undefined | Refusal {
  if (condition === undefined) return undefined;
  const isOver = now >= condition.until;
  const until = new Date(condition.until).toISOString();
  if (isFallback && !isOver) return refuse('not possible', `the title can be taken back from ${until} on`);
  if (isOver && book.pseudonym(known.server, bytesToHex(condition.fallback)) !== undefined) return undefined;
  if (isOver)
    return refuse('expired', `the title could be claimed until ${until}; it falls back to who gave it`);
  if (secret === undefined)
    return refuse('not possible', 'claiming this title takes the secret of its condition');
  if (!KEY.test(secret)) return refuse('malformed', 'the secret: must be 64 hexadecimal digits');
  const bytes = hexToBytes(secret);
  if (!sameBytes(sha256(bytes), condition.hash))
    return refuse('not possible', 'this is not the secret of its condition');
  return now < condition.until - SHOW_BEFORE
    ? bytes
    : refuse('expired', `the title falls back at ${until}, so soon that the secret might be shown in vain`);
}

function readCondition({ hash, until, fallback }: ConditionView): Condition | Refusal {
  if (!KEY.test(hash)) return refuse('malformed', 'the hash of the condition: must be 64 hexadecimal digits');
  if (!KEY.test(fallback))
    return refuse('malformed', 'the fallback of the condition: must be a key of 64 hexadecimal digits');
  if (!Number.isSafeInteger(until) || until < 0)
    return refuse('malformed', 'the time of the condition: is none');
  return { hash: hexToBytes(hash), until, fallback: hexToBytes(fallback) };
}

/** Titles as they are named, if each can be transferred without more ado. */
function readyTitles(context: Context, names: readonly TitleName[]): Ready | Refusal {
  const [first] = names;
  if (first === undefined) return refuse('malformed', 'no title is named');
  if (names.length > TITLE_LIMITS.titlesPerTransfer) return tooMany();
  if (names.some(({ titleClass }) => titleClass !== first.titleClass))
    return refuse('not possible', 'titles of several classes; transfer those of each class by themselves');
  if (new Set(names.map(({ serial }) => serial)).size < names.length)
    return refuse('malformed', 'a title is named twice');
  const titles: Held[] = [];
  for (const name of names) {
    const held = heldTitle(context, name);
    if (held === undefined) return notHeld(name);
    if (held.isLeaving) return leaving(name);
    if (held.condition !== undefined)
      return refuse('not possible', `the title ${name.serial} is bound by a condition; claim it first`);
    titles.push(held);
  }
  const [{ known } = { known: undefined }] = titles;
  if (known === undefined) return notHeld(first);
  const stopped = context.classes.stopped(known.id);
  if (stopped !== undefined) return stopped;
  const server = serverOf(context, known.server);
  return server instanceof Refusal ? server : { known, server, titles };
}

function worth(titles: readonly Held[]): number {
  return titles.reduce((total, { denomination }) => total + denomination, 0);
}

function notHeld({ serial }: TitleName): Refusal {
  return refuse('unknown', `the title ${serial}: this wallet does not hold it`);
}

function leaving({ serial }: TitleName): Refusal {
  return refuse('busy', `the title ${serial}: a transfer of it is pending`);
}

function tooMany(): Refusal {
  return refuse('too large', `at most ${TITLE_LIMITS.titlesPerTransfer} titles in one transfer`);
}
