/** Issuers that a host is told of and that do not answer: whoever has mistyped one sees it at once. */
import { SECOND } from '../../base/dates.ts';

const PATIENCE = 15 * SECOND;

/** Asks each address once whether it answers, and tells of those that do not; nothing any more once `signal` is aborted. */
export async function tellOfSilent(
  issuers: readonly string[],
  signal: AbortSignal,
  tell: (issuer: string) => void,
): Promise<void> {
  await Promise.all(
    issuers.map(async (issuer) => {
      const isThere = await answers(issuer, AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)]));
      if (!isThere && !signal.aborted) tell(issuer);
    }),
  );
}

async function answers(url: string, signal: AbortSignal): Promise<boolean> {
  const answered = async (response: Response): Promise<boolean> => {
    await response.body?.cancel();
    return response.ok;
  };
  return fetch(url, { signal }).then(answered, () => false);
}
