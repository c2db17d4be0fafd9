/** `specie box relock`: another passphrase or key file for a box. What it seals stays as it is. */
import { resolve } from 'node:path';
import { Refusal } from '../../../base/refusal.ts';
import { changeUnlock } from '../../../signers/vault/vault.ts';
import type { Unlock } from '../../../signers/vault/vault.ts';
import { readArguments } from '../arguments.ts';
import { folderError } from '../files.ts';
import { askPassphrase } from '../operator/passphrase.ts';
import { complain, misused, say } from '../terminal.ts';
import type { ExitStatus } from '../terminal.ts';

const USAGE =
  'specie box relock [--data DIR] [--key-file FILE] [--new-key-file FILE]\nwithout --key-file it asks for the present passphrase, without --new-key-file for the new one';

/** Changes what opens a box. The box may run meanwhile: it asks again at its next start. */
export async function relock(args: readonly string[]): Promise<ExitStatus> {
  const given = readArguments(args, { texts: ['data', 'key-file', 'new-key-file'] });
  if (typeof given === 'string') return misused(USAGE, given);
  const [operand] = given.operands;
  if (operand !== undefined) return misused(USAGE, `relock takes no ${operand}`);
  const { data = 'data/box', 'key-file': before, 'new-key-file': after } = given.texts;
  if (before === undefined && after === undefined && !process.stdin.isTTY)
    return misused(USAGE, 'two passphrases are typed at a terminal; in a script, name one of the key files');
  const folder = resolve(data);
  try {
    const old = await unlockOf(before, 'Present passphrase of this box: ', false);
    if (old instanceof Refusal) return complain(old);
    const fresh = await unlockOf(after, 'New passphrase, of at least 12 characters: ', true);
    if (fresh instanceof Refusal) return complain(fresh);
    const refused = changeUnlock(folder, old, fresh);
    if (refused !== undefined) return complain(refused);
  } catch (error) {
    return complain(folderError(error, folder));
  }
  say(
    'From its next start on the box opens with the new one only. Older copies of its folder open with the old one.',
  );
  return 0;
}

async function unlockOf(
  file: string | undefined,
  question: string,
  isNew: boolean,
): Promise<Unlock | Refusal> {
  if (file !== undefined) return { keyFile: resolve(file) };
  const passphrase = await askPassphrase(question, isNew);
  return passphrase instanceof Refusal ? passphrase : { passphrase };
}
