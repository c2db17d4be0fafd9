/** The names under which a currency's secrets are sealed and kept. */
import type { SealedSecret, Vault } from './ports.ts';

export const MASTER = 'master key';
export const STATEMENT = 'statement key';

export function mintKeySecret(keyId: string): string {
  return `mint key ${keyId}`;
}

/** Seals a secret for the books of a currency. */
export function seal(vault: Vault, issuerId: string, name: string, secret: Uint8Array): SealedSecret {
  return { name, sealed: vault.seal(`${issuerId} ${name}`, secret) };
}

/** Opens what was sealed for the books of this currency. Throws where the books do not hold it. */
export function unseal(
  vault: Vault,
  issuerId: string,
  secrets: ReadonlyMap<string, Uint8Array>,
  name: string,
): Uint8Array {
  const sealed = secrets.get(name);
  if (sealed === undefined) throw new Error(`the books hold no ${name}`);
  return vault.open(`${issuerId} ${name}`, sealed);
}
