/** Short texts that one recipient alone can read: age (age-encryption.org/v1) written in base64. */
import { Decrypter, Encrypter, identityToRecipient } from 'age-encryption';
import { Refusal, refuse } from '../../base/refusal.ts';
import { isRecipient } from './snapshot.ts';

/**
 * Encrypts bytes to an age recipient (`age1…`), as base64. Each time it is another text, and nobody can tell that they say
 * the same. Refuses a recipient that is none, or that cannot be encrypted to ('malformed').
 */
export async function sealText(recipient: string, bytes: Uint8Array): Promise<string | Refusal> {
  if (!isRecipient(recipient)) return refuse('malformed', 'recipient: it is no age recipient (age1…)');
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  try {
    return Buffer.from(await encrypter.encrypt(bytes)).toString('base64');
  } catch {
    // As points of low order are: they read as a key, and lead to no secret.
    return refuse('malformed', 'recipient: it is no key that can be encrypted to');
  }
}

/**
 * The bytes of a sealed text. `identity` is the text of an age identity (`AGE-SECRET-KEY-1…`); refuses one that is none
 * ('malformed'), and a text that is not for it or is damaged ('unauthorised').
 */
export async function openText(identity: string, text: string): Promise<Uint8Array | Refusal> {
  const recipient = await recipientOf(identity);
  if (recipient instanceof Refusal) return recipient;
  const decrypter = new Decrypter();
  decrypter.addIdentity(identity.trim());
  try {
    return await decrypter.decrypt(new Uint8Array(Buffer.from(text, 'base64')));
  } catch {
    return refuse('unauthorised', 'what is sealed is not for this identity, or is damaged');
  }
}

/** The recipient that belongs to an age identity; refuses one that is none ('malformed'), without saying it. */
export async function recipientOf(identity: string): Promise<string | Refusal> {
  try {
    return await identityToRecipient(identity.trim());
  } catch {
    return refuse('malformed', 'the identity is no age identity (AGE-SECRET-KEY-1…)');
  }
}
