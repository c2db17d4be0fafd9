/** Which signatures a transfer has to bear. */
import { refuse } from '../../base/refusal.ts';
import type { Refusal } from '../../base/refusal.ts';
import { transferSigned } from '../documents/signed.ts';
import type { SignatureCheck } from './ports.ts';
import type { Presented } from './presented.ts';

/** What is to be checked; refuses where there is not one signature for each of those who have to sign. */
export function checksOf(
  { signed, hash }: Presented,
  signers: readonly Uint8Array[],
): readonly SignatureCheck[] | Refusal {
  const { signatures } = signed;
  if (signers.length !== signatures.length)
    return refuse('bad signature', `signatures: ${signers.length} have to sign, ${signatures.length} did`);
  const bytes = transferSigned(hash);
  return signers.map((publicKey, at) => {
    const signature = signatures[at];
    if (signature === undefined) throw new Error('every signer has a signature');
    return { publicKey, bytes, signature };
  });
}

/** Which signature does not hold; undefined where all do. */
export function verdictFault(
  verdicts: readonly boolean[],
  checks: readonly SignatureCheck[],
): Refusal | undefined {
  const wrong = checks.findIndex((_, at) => verdicts[at] !== true);
  if (wrong < 0) return undefined;
  return refuse('bad signature', `signatures[${wrong}]: not of who has to sign this transfer`);
}
