/** `specie title keygen`, `class` and `issue`: what an issuer of titles does. */
import { hexToBytes, sameBytes, utf8 } from '../../../base/bytes.ts';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { signEd25519 } from '../../../signers/ed25519.ts';
import { createFile } from '../../../signers/vault/file.ts';
import { askClasses, askTitles } from '../../../title/audit/ask.ts';
import type { TitleWay } from '../../../title/audit/ask.ts';
import { TitleClassCertificate } from '../../../title/documents/documents.ts';
import { TITLE_LIMITS } from '../../../title/documents/limits.ts';
import { readAddress } from '../../../title/wallet/address.ts';
import { post } from '../../../transports/http-client.ts';
import { fillPool } from '../../title/filling.ts';
import { findClass, idOf, newClass, nextVersion, rangesFor, registerClass } from '../../title/issuing.ts';
import type { ClassWish, IssueWish, IssuerKey } from '../../title/issuing.ts';
import { readArguments } from '../arguments.ts';
import type { Arguments, KnownOptions } from '../arguments.ts';
import { fileError } from '../files.ts';
import { makeKeyFile, nameTaken, openKeyFile } from '../operator/key.ts';
import { askPassphrase } from '../operator/passphrase.ts';
import { complain, misused, printable, progress, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';
import { dropPending, keepPending, pendingPath, readPending } from './issue-pending.ts';

export const TITLE_KEYGEN_USAGE = 'specie title keygen FILE [--no-passphrase]';
export const TITLE_CLASS_USAGE =
  'specie title class --key FILE --server URL --name NAME --entitles TEXT --unit UNIT --denominations 1,2,5 [--again] [-o FILE]';
export const TITLE_ISSUE_USAGE =
  'specie title issue --key FILE --server URL CLASS [DENOMINATIONxCOUNT…] {--to ADDRESS | --pool}';

/** Makes a key file for an issuer: of the same kind as an operator's. */
export async function titleKeygen(args: readonly string[]): Promise<ExitStatus> {
  const given = readArguments(args, { texts: [], flags: ['no-passphrase'] });
  if (typeof given === 'string') return misused(TITLE_KEYGEN_USAGE, given);
  const [path, ...rest] = given.operands;
  if (path === undefined || rest.length > 0) return misused(TITLE_KEYGEN_USAGE);
  const taken = nameTaken(path);
  if (taken !== undefined) return complain(taken);
  const passphrase = given.flags.has('no-passphrase')
    ? undefined
    : await askPassphrase('Passphrase for the new key, at least 12 characters: ', true);
  if (passphrase instanceof Refusal) return complain(passphrase);
  const key = makeKeyFile(path, passphrase);
  if (key instanceof Refusal) return complain(key);
  say(`public key: ${key.publicKey}`);
  return 0;
}

/** Makes a class of no titles, and registers it. */
export function titleClass(args: readonly string[]): Promise<ExitStatus> {
  const texts = ['key', 'server', 'name', 'entitles', 'unit', 'denominations', 'output'];
  const known = { texts, flags: ['again'], letters: { o: 'output' } };
  return atDesk(args, known, TITLE_CLASS_USAGE, async (given, desk) => {
    const wish = readWish(given);
    if (typeof wish === 'string') return wish;
    const { output } = given.texts;
    const taken = output === undefined ? undefined : nameTaken(output);
    if (taken !== undefined) return taken;
    const namesake = given.flags.has('again') ? undefined : await namesakeOf(desk, wish.name);
    if (namesake !== undefined) return namesake;
    const certificate = await newClass(desk.way, desk.key, wish);
    if (certificate instanceof Refusal) return certificate;
    const id = await handIn(desk, certificate);
    if (id instanceof Refusal) return id;
    say(`${printable(wish.name)} is registered, with no titles yet: its class is ${id}`);
    return output === undefined ? undefined : writeCertificate(output, certificate);
  });
}

/** Why a class had better not have a name: with two of it, a name says no more which is meant, and no class ever goes away. */
async function namesakeOf({ way, key }: IssuerDesk, name: string): Promise<Refusal | undefined> {
  const classes = await askClasses(way);
  if (classes instanceof Refusal) return classes;
  const twins = classes.filter(({ title_class: { terms } }) => terms.name === name);
  const isOwn = ({ title_class: { terms } }: TitleClassCertificate) => sameBytes(terms.issuer, key.publicKey);
  const twin = twins.find(isOwn) ?? twins[0];
  if (twin === undefined) return undefined;
  const whose = isOwn(twin) ? 'you have' : 'another issuer has';
  return refuse(
    'not possible',
    `${whose} a class ${name} already (${idOf(twin).slice(0, 12)}); choose another name, or say --again`,
  );
}

/** Issues titles of a class, to somebody or for the pool. */
export function titleIssue(args: readonly string[]): Promise<ExitStatus> {
  return atDesk(
    args,
    { texts: ['key', 'server', 'to'], flags: ['pool'] },
    TITLE_ISSUE_USAGE,
    async (given, desk) => {
      const [named, ...amounts] = given.operands;
      if (named === undefined) return 'a class is missing';
      const wish = readAmounts(amounts);
      if (typeof wish === 'string') return wish;
      const isForPool = given.flags.has('pool');
      const { to } = given.texts;
      if ((to === undefined) !== isForPool)
        return '--to says who gets the titles, or --pool that they are for change';
      if (wish.length === 0 && !isForPool)
        return 'how many of which denomination? 10x100 are a hundred of 10';
      const before = await findClass(desk.way, named);
      if (before instanceof Refusal) return before;
      const holders = to === undefined ? [desk.key.publicKey] : await holdersOf(desk.way, to);
      if (holders instanceof Refusal) return holders;
      const after = wish.length === 0 ? before : await issued(desk, before, rangesFor(wish, holders));
      if (after instanceof Refusal) return after;
      return isForPool ? filled(desk, after) : undefined;
    },
  );
}

async function issued(
  desk: IssuerDesk,
  before: TitleClassCertificate,
  ranges: ReturnType<typeof rangesFor>,
): Promise<TitleClassCertificate | Refusal> {
  const after = nextVersion(desk.key, before, ranges);
  if (after instanceof Refusal) return after;
  const id = await handIn(desk, after);
  if (id instanceof Refusal) return id;
  const { terms, version, ranges: all } = after.title_class;
  let serial = 1 + before.title_class.ranges.reduce((sum, { count }) => sum + count, 0);
  for (const { denomination, count } of all.slice(before.title_class.ranges.length)) {
    const serials = count === 1 ? `number ${serial}` : `numbers ${serial} to ${serial + count - 1}`;
    say(`${count} × ${denomination} ${printable(terms.unit)}: ${serials} of ${printable(terms.name)}`);
    serial += count;
  }
  say(`That is version ${version} of the class ${id}.`);
  return after;
}

async function filled(
  { way, key }: IssuerDesk,
  certificate: TitleClassCertificate,
): Promise<Refusal | undefined> {
  const moved = await fillPool(way, key, certificate, {
    progress: progress('titles into the pool:'),
    elsewhere: (serial) => say(`number ${serial} had gone to somebody else, and stays there`),
  });
  if (moved instanceof Refusal)
    return refuse(moved.name, `${moved.details}; the same command with --pool and no amounts goes on`);
  say(`${moved} titles were issued for the pool, and have gone there.`);
  return undefined;
}

/** The pseudonyms of an address, which must be one of this server's. */
async function holdersOf(way: TitleWay, typed: string): Promise<readonly Uint8Array[] | Refusal> {
  const address = readAddress(typed);
  if (address instanceof Refusal || address.server === undefined)
    return address instanceof Refusal ? address : address.pseudonyms;
  const said = await askTitles(way, { type: 'request title server' });
  if (said instanceof Refusal) return said;
  return Buffer.from(said.server).toString('hex') === address.server
    ? address.pseudonyms
    : refuse('not possible', 'this address is for titles of another server');
}

/** What the commands of an issuer work with. */
interface IssuerDesk {
  readonly way: TitleWay;
  readonly url: string;
  readonly key: IssuerKey;
  readonly keyFile: string;
}

/** Opens key and way, takes up what was left underway, and runs a command; a text says what was typed wrongly. */
async function atDesk(
  args: readonly string[],
  known: KnownOptions,
  usage: string,
  run: (given: Arguments, desk: IssuerDesk) => Promise<Refusal | string | undefined>,
): Promise<ExitStatus> {
  const given = readArguments(args, known);
  if (typeof given === 'string') return misused(usage, given);
  const { key: keyFile, server: url } = given.texts;
  if (keyFile === undefined) return misused(usage, '--key names the issuer’s key file');
  if (url === undefined) return misused(usage, '--server says where titles are served');
  if (!/^https?:\/\/\S+$/.test(url) || !URL.canParse(url))
    return misused(usage, `${url} is no address of a server`);
  const opened = await openKeyFile(keyFile, { passphrase: askPassphrase });
  if (opened instanceof Refusal) return complain(opened);
  const key = {
    publicKey: hexToBytes(opened.publicKey),
    sign: (bytes: Uint8Array) => hexToBytes(signEd25519(opened.secret, bytes)),
  };
  const desk = { way: wayTo(url), url, key, keyFile };
  const left = await takeUp(desk);
  if (left !== undefined) return left instanceof Refusal ? complain(left) : 1;
  const outcome = await run(given, desk);
  if (typeof outcome === 'string') return misused(usage, outcome);
  return outcome === undefined ? 0 : complain(outcome);
}

function wayTo(url: string): TitleWay {
  return (request) => post(url, request, TITLE_LIMITS.messageBytes, 'application/octet-stream');
}

/** Kept, then handed in: whatever becomes of the answer, it is known what was signed, and nothing is issued twice. */
async function handIn(
  { way, url, keyFile }: IssuerDesk,
  certificate: TitleClassCertificate,
): Promise<string | Refusal> {
  const taken = keepPending(keyFile, { url, certificate });
  if (taken !== undefined) return taken;
  const id = await register(way, certificate);
  if (!(id instanceof Refusal) || !id.temporary) dropPending(keyFile);
  return id;
}

/** Hands a class in; that its server takes none of this key is said for who can do something about it. */
async function register(way: TitleWay, certificate: TitleClassCertificate): Promise<string | Refusal> {
  const id = await registerClass(way, certificate);
  return id instanceof Refusal && id.name === 'unauthorised'
    ? refuse(id.name, 'this server takes no classes of this key; who runs it names keys with serve --issuer')
    : id;
}

/** Hands in what an earlier command was not answered about. Then that is all: whoever typed this one may have meant the same. */
async function takeUp({ keyFile }: IssuerDesk): Promise<Refusal | 'said' | undefined> {
  const left = readPending(keyFile);
  if (left === undefined || left instanceof Refusal) return left;
  const id = await register(wayTo(left.url), left.certificate);
  if (id instanceof Refusal && id.temporary)
    return refuse(
      id.name,
      `an earlier command was not answered yet (${id.details}); try again later, or remove ${pendingPath(keyFile)} if that server is gone for good`,
    );
  dropPending(keyFile);
  const { terms, version } = left.certificate.title_class;
  const what = `version ${version} of ${printable(terms.name)} (${idOf(left.certificate)})`;
  if (id instanceof Refusal)
    return refuse(id.name, `an earlier command’s ${what} was refused: ${id.details}`);
  say(`An earlier command was not answered. Its ${what} is registered now.`);
  say('Nothing else was done: look whether that is what you want, and say it again if not.');
  return 'said';
}

function writeCertificate(path: string, certificate: TitleClassCertificate): Refusal | undefined {
  try {
    const text = `${JSON.stringify(TitleClassCertificate.toJson(certificate), undefined, 2)}\n`;
    return createFile(path, text) ? undefined : nameTaken(path);
  } catch (error) {
    return fileError(error, path);
  }
}

/** The words of a class as typed; a text says what is wrong with them. */
function readWish({ operands, texts }: Arguments): ClassWish | string {
  const [operand] = operands;
  if (operand !== undefined) return `title class takes no ${operand}`;
  for (const field of ['name', 'entitles', 'unit'] as const) {
    const text = texts[field];
    if (text === undefined) return `--${field} is missing`;
    if (utf8(text).length > TITLE_LIMITS[field])
      return `--${field} takes at most ${TITLE_LIMITS[field]} bytes`;
  }
  const { name = '', entitles = '', unit = '', denominations: typed = '' } = texts;
  const denominations = typed.split(',').map((each) => readCount(each.trim()));
  if (denominations.includes(0) || denominations.length > TITLE_LIMITS.denominations)
    return `--denominations takes up to ${TITLE_LIMITS.denominations} numbers, as 1,2,5`;
  const sorted = [...new Set(denominations)].toSorted((left, right) => left - right);
  return sorted.length === denominations.length
    ? { name, entitles, unit, denominations: sorted }
    : '--denominations names one twice';
}

/** A whole number as typed, from 1; 0 for anything else. */
function readCount(text: string): number {
  const count = Number(text);
  return /^[1-9]\d*$/.test(text) && Number.isSafeInteger(count) ? count : 0;
}

function readAmounts(amounts: readonly string[]): IssueWish | string {
  const wish = amounts.map((each) => {
    const [denomination = '', count = '', ...rest] = each.split('x');
    return rest.length > 0 ? [0, 0] : [readCount(denomination), readCount(count)];
  });
  const wrong = wish.findIndex(
    ([denomination = 0, count = 0]) => denomination === 0 || count === 0 || count >= 2 ** 32,
  );
  return wrong >= 0
    ? `${amounts[wrong]} is no amount; 10x100 are a hundred titles of 10`
    : wish.map(([denomination = 0, count = 0]) => ({ denomination, count }));
}
