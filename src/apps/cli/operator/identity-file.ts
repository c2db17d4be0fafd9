/** Files with age identities, which are secret, and with recipients, which are not. */
import { Refusal, refuse } from '../../../base/refusal.ts';
import { isRecipient } from '../../../stores/mint/snapshot.ts';
import { recipientOf } from '../../../stores/mint/sealed-text.ts';
import { fileError, readFile } from '../files.ts';

const IDENTITY = /^AGE-SECRET-KEY-1[0-9A-Z]+$/;
const RECIPIENT = /\bage1[0-9a-z]{58}\b/;

/** Of a file as `age-keygen` and `specie operator keygen --recipient` write it, the identity of this recipient. */
export async function readIdentityOf(recipient: string, path: string): Promise<string | Refusal> {
  const text = readText(path);
  if (text instanceof Refusal) return text;
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const identities = lines.filter((line) => IDENTITY.test(line));
  if (identities.length === 0)
    return refuse('malformed', `the file ${path} holds no age identity; one is a line AGE-SECRET-KEY-1…`);
  for (const identity of identities) if ((await recipientOf(identity)) === recipient) return identity;
  return refuse(
    'unauthorised',
    `the identity in ${path} is not that of ${recipient}; only its holder can open this`,
  );
}

/** The first recipient in a file: what `operator keygen --recipient` said, kept in a file, is one. */
export function readRecipient(path: string): string | Refusal {
  const text = readText(path);
  if (text instanceof Refusal) return text;
  const recipient = RECIPIENT.exec(text)?.[0];
  return recipient === undefined
    ? refuse('malformed', `the file ${path} holds no age recipient (age1…)`)
    : checkedRecipient(recipient);
}

/** A recipient that was typed: a slip of the finger is found by its check digits. */
export function checkedRecipient(recipient: string): string | Refusal {
  return new RegExp(`^${RECIPIENT.source}$`).test(recipient) && isRecipient(recipient)
    ? recipient
    : refuse('malformed', 'what is given as the recipient is no age recipient (age1…); copy it again');
}

function readText(path: string): string | Refusal {
  try {
    return new TextDecoder().decode(readFile(path));
  } catch (error) {
    return fileError(error, path);
  }
}
