/** `specie box restore`: a currency out of its backup, into a box's folder. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Refusal, refuse } from '../../../base/refusal.ts';
import { writeDate } from '../../../base/dates.ts';
import { hasVault } from '../../../signers/vault/vault.ts';
import type { Unlock } from '../../../signers/vault/vault.ts';
import { dated } from '../../audit/words.ts';
import { restoreCurrency } from '../../box/restore.ts';
import type { RestoredCurrency } from '../../box/restore.ts';
import { readArguments } from '../arguments.ts';
import { fileError, folderError, readFile } from '../files.ts';
import { askPassphrase } from '../operator/passphrase.ts';
import { complain, misused, printable, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';

const USAGE =
  'specie box restore --backup FILE --identity FILE --data DIR [--key-file FILE] [--second DIR]\nwithout --key-file it asks for a passphrase for the restored box';

/** Restores one currency. Of a box with several, each is restored from its own backup into the same folder. */
export async function restore(args: readonly string[]): Promise<ExitStatus> {
  const given = readArguments(args, { texts: ['backup', 'identity', 'data', 'key-file', 'second'] });
  if (typeof given === 'string') return misused(USAGE, given);
  const { backup, identity, data, second, 'key-file': keyFile } = given.texts;
  if (given.operands.length > 0 || backup === undefined || identity === undefined || data === undefined)
    return misused(USAGE);
  const identities = readIdentities(identity);
  if (identities instanceof Refusal) return complain(identities);
  const folder = resolve(data);
  const unlock = await readUnlock(folder, keyFile);
  if (unlock instanceof Refusal) return complain(unlock);
  try {
    const restored = await restoreCurrency({
      folder,
      backup,
      identities,
      unlock,
      second: second === undefined ? null : resolve(second),
      clock: Date.now,
    });
    if (restored instanceof Refusal) return complain(restored);
    for (const line of inWords(restored, folder)) say(printable(line));
    return 0;
  } catch (error) {
    return complain(folderError(error, folder));
  }
}

const IDENTITY = /^AGE-SECRET-KEY-1[0-9A-Z]+$/;

/** The identities in a file as `age-keygen` and `specie operator keygen --recipient` write it. */
function readIdentities(path: string): readonly string[] | Refusal {
  let lines: readonly string[];
  try {
    // Windows alone has no such modes.
    if ((statSync(path).mode & 0o077) !== 0 && process.platform !== 'win32') {
      process.stderr.write(
        `specie: warning: ${printable(path)} can be used by others on this machine; take that from them (chmod 600).\n`,
      );
    }
    lines = new TextDecoder().decode(readFile(path)).split(/\r?\n/);
  } catch (error) {
    return fileError(error, path);
  }
  const identities = lines.map((line) => line.trim()).filter((line) => IDENTITY.test(line));
  if (identities.length > 0) return identities;
  return lines[0]?.startsWith('age-encryption.org/') === true
    ? refuse('malformed', `the file ${path} is itself encrypted; decrypt it first (age -d)`)
    : refuse('malformed', `the file ${path} holds no age identity; one is a line AGE-SECRET-KEY-1…`);
}

async function readUnlock(folder: string, keyFile: string | undefined): Promise<Unlock | Refusal> {
  if (keyFile !== undefined) return { keyFile: resolve(keyFile) };
  const isNew = !hasVault(folder);
  const passphrase = await askPassphrase(
    isNew ? 'A passphrase for the restored box, of at least 12 characters: ' : 'Passphrase of this box: ',
    isNew,
  );
  return passphrase instanceof Refusal ? passphrase : { passphrase };
}

function inWords(restored: RestoredCurrency, folder: string): readonly string[] {
  const { header, charter, until, complete } = restored;
  return [
    `${header.currency_name} (${charter.issuerId}) is restored into ${folder}.`,
    `The backup is of ${dated(header.time)}.`,
    ...(complete ? completeWords(restored) : RETIRED),
    `Its books end at ${dated(writeDate(until))}; the journal says that they were restored.`,
    ...(complete ? [] : HOLDERS),
    'The purse of a reserve, where there was one, is filled again by asking the other issuer.',
    'Never start the lost box, or another copy of it, beside this one: coins could be spent in both.',
  ];
}

function completeWords({ replayed }: RestoredCurrency): readonly string[] {
  return [
    `${replayed === 1 ? '1 record' : `${replayed} records`} of the second place came after it and ${replayed === 1 ? 'was' : 'were'} carried out again.`,
    'Nothing is missing, as long as the box wrote to this second place to its end: all mint keys go on, every coin',
    'is worth what it was. Start the box with the same second place; it goes on from there.',
  ];
}

const RETIRED = [
  'What happened after it is not known here: no second place was given. Coins that were spent since would look as',
  'if they were not, so the mint keys that were live are retired.',
];

const HOLDERS = [
  'What this means for holders: their coins are not taken any more, neither renewed nor redeemed, and their wallets',
  'are told why. New mint keys come at the next start; coins bought from then on are good.',
  'What the operators can do: tell the holders; collect old coins as .oc files, check them with "specie verify", keep',
  'a list so that no coin is made good twice, and give new coins for them. The treasury has to be raised for that, and',
  'coins that were spent after the backup cannot be told from others: it is for the operators to decide how far to go.',
  'If the second place is found after all, restore anew with it, into an empty folder, before this box is started.',
];
