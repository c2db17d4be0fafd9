/** Why something was not done, in words for a person who knows nothing of messages and fields. */
import { REFUSALS } from '../base/refusal.ts';
import type { RefusalName } from '../base/refusal.ts';
import type { Reason } from './state.ts';

/** What each refusal means for money; an issuer's details follow it where they may say more. */
const MEANING: Readonly<Record<RefusalName, string>> = {
  unpaid: 'it was not paid',
  busy: 'the issuer was busy',
  'switched off': 'the issuer was switched off',
  unreachable: 'the issuer could not be reached',
  malformed: 'the issuer did not understand what it was asked',
  unauthorised: 'the issuer does not allow it',
  'treasury exhausted': 'the issuer may not issue that much now',
  unknown: 'the issuer does not know of it',
  'already spent': 'somebody had taken these coins before',
  'reference reused': 'another request of this wallet was in its place',
  'first round over': 'the mint had forgotten what it began',
  'outdated proof': 'the title had changed hands since',
  'empty pool': 'the title server had not the change',
  expired: 'it was too late',
  'too large': 'it was too much at once',
  unbalanced: 'the issuer counted another sum',
  'bad signature': 'the issuer holds these coins for forged',
  'not enough': 'there was not enough',
  distrusted: 'the currency broke a rule that protects you',
  'not possible': 'the issuer could not do it',
};

/** Refusals of which the name says all that there is to say. */
const CLEAR: ReadonlySet<RefusalName> = new Set([
  'busy',
  'switched off',
  'unreachable',
  'already spent',
  'reference reused',
  'first round over',
  'malformed',
]);

/** One sentence without its full stop. */
export function plainReason({ name, details, own = false }: Reason): string {
  if (own) return sentence(details);
  const said = Object.values(REFUSALS).some(({ next }) => next === details) ? '' : withoutFields(details);
  return said === '' || CLEAR.has(name) ? sentence(MEANING[name]) : sentence(`${MEANING[name]} (${said})`);
}

/** An issuer's details without the name of the message's field before them. */
function withoutFields(details: string): string {
  return details.replace(/^[a-z_]+(\[\d+\])?(\.[a-z_]+(\[\d+\])?)*(: |$)/, '').replace(/\.$/, '');
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
