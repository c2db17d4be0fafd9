/** Asks a person at a terminal, or reads from standard input what a script sends. */
import { Refusal, refuse } from '../../../base/refusal.ts';
import { newLock } from '../../../signers/vault/unlock.ts';
import { readLine } from '../prompt.ts';

/** A passphrase: not shown while it is typed, and typed twice where it is a new one. */
export async function askPassphrase(question: string, isNew: boolean): Promise<string | Refusal> {
  if (!process.stdin.isTTY) {
    const line = await readLine(question);
    return line === '' ? refuse('not possible', 'no passphrase came on standard input') : line;
  }
  return isNew ? newPassphrase(question, typedUnseen) : typedUnseen(question);
}

/** A new passphrase, which `ask` asks for twice; one that locks nothing is refused before it is typed again. */
export async function newPassphrase(
  question: string,
  ask: (question: string) => Promise<string | Refusal>,
): Promise<string | Refusal> {
  const passphrase = await ask(question);
  if (passphrase instanceof Refusal) return passphrase;
  const lock = newLock({ passphrase });
  if (lock instanceof Refusal) return lock;
  const again = await ask('The same once more: ');
  if (again instanceof Refusal || again === passphrase) return again;
  return refuse('not possible', 'the two passphrases differ; try again');
}

/** Whether a person at a terminal says yes. Standard input of a script is no person. */
export async function askYes(question: string): Promise<boolean | Refusal> {
  if (!process.stdin.isTTY) {
    return refuse('not possible', 'nobody is at the terminal to say yes; in a script, --yes says it');
  }
  return /^y(es)?$/i.test(await readLine(question));
}

const ENTER = new Set(['\r', '\n', '\u0004']);
const ERASE = new Set(['\b', '\u007f']);
const INTERRUPT = '\u0003';

function typedUnseen(question: string): Promise<string | Refusal> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  return new Promise((resolve) => {
    let typed: readonly string[] = [];
    const end = (result: string | Refusal) => {
      stdin.off('data', read);
      stdin.setRawMode(false);
      stdin.pause();
      stderr.write('\n');
      resolve(result);
    };
    const read = (text: string) => {
      for (const character of text) {
        if (ENTER.has(character)) {
          end(typed.join(''));
          return;
        }
        if (character === INTERRUPT) {
          end(refuse('not possible', 'it was interrupted'));
          return;
        }
        typed = ERASE.has(character) ? typed.slice(0, -1) : [...typed, character];
      }
    };
    stdin.on('data', read);
    stdin.resume();
  });
}
