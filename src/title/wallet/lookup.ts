/** Asking a server who holds a title, and checking what it says. */
import { bytesToHex, sameBytes } from '../../base/bytes.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import type { Condition, Destination, TitleProof } from '../documents/documents.ts';
import type { Said } from '../documents/messages.ts';
import { proofFault } from '../documents/proof.ts';
import { ServerRefusal, ask } from './ask.ts';
import { rangeOf } from './classes.ts';
import type { IssuedRange, WalletClass } from './classes.ts';
import type { Context } from './context.ts';
import type { KnownServer, Pseudonym } from './state.ts';

/** Who holds a title now, as a server says that was checked. */
export interface Found {
  readonly serial: number;
  readonly denomination: number;
  readonly sequence: number;
  /** Zeros where the server cannot say it. */
  readonly holder: Uint8Array;
  readonly condition: Condition | undefined;
  /** Missing while the sequence is 0, and where the server has lost its documents. */
  readonly proof: TitleProof | undefined;
}

/** Whose a title is: this wallet's pseudonym that holds it, or that it falls back to. */
export interface Own {
  readonly pseudonym: Pseudonym;
  readonly isFallback: boolean;
}

/** Nobody's key. */
const NOBODY = new Uint8Array(32);

/**
 * Asks who holds a title. Refuses 'unknown' what was never issued, 'bad signature' what does not hold. A server that has lost its
 * documents says the sequence alone.
 */
export async function lookUp(
  context: Context,
  server: KnownServer,
  known: WalletClass,
  serial: number,
): Promise<Found | Refusal> {
  const range = rangeOf(known, serial);
  if (range === undefined)
    return refuse('unknown', `the title ${serial}: none of its class was issued with this number`);
  const said = await ask(context, server, { type: 'request title', title_class: known.idBytes, serial });
  if (said instanceof ServerRefusal && said.name === 'outdated proof' && (said.sequence ?? 0) > 0) {
    const { denomination } = range;
    const sequence = said.sequence ?? 0;
    return { serial, denomination, sequence, holder: NOBODY, condition: undefined, proof: undefined };
  }
  if (said instanceof Refusal) return said;
  const fault = faultIn(context, { known, serial, range, said });
  return fault ?? { serial, ...pick(said), holder: said.to.holder, condition: said.to.condition };
}

function pick({ denomination, sequence, proof }: Said<'response title'>) {
  return { denomination, sequence, proof };
}

/** Refuses 'outdated proof' where a title has moved and the server cannot say to whom. */
export function unprovenIn({ serial, sequence, proof }: Found): Refusal | undefined {
  return sequence === 0 || proof !== undefined
    ? undefined
    : refuse(
        'outdated proof',
        `the title ${serial} has changed hands ${sequence} times; its holder has the proof, the server has lost it`,
      );
}

/** Whose a destination is in this wallet, `ahead` numbers beyond those it has used itself; undefined: somebody else's. */
export function ownerIn(
  context: Context,
  server: string,
  { holder, condition }: Destination,
  ahead = 0,
): Own | undefined {
  const asHolder = context.pseudonyms.find(server, bytesToHex(holder), ahead);
  if (asHolder !== undefined) return { pseudonym: asHolder, isFallback: false };
  if (condition === undefined) return undefined;
  const asFallback = context.pseudonyms.find(server, bytesToHex(condition.fallback), ahead);
  return asFallback === undefined ? undefined : { pseudonym: asFallback, isFallback: true };
}

interface SaidOfTitle {
  readonly known: WalletClass;
  readonly serial: number;
  readonly range: IssuedRange;
  readonly said: Said<'response title'>;
}

function faultIn(context: Context, { known, serial, range, said }: SaidOfTitle): Refusal | undefined {
  const lie = (what: string): Refusal =>
    refuse('bad signature', `what the server says of the title ${serial} does not hold: ${what}`);
  const { to, proof, sequence, denomination } = said;
  if (denomination !== range.denomination) return lie('another denomination');
  if (sequence === 0)
    return sameBytes(to.holder, range.holder) && to.condition === undefined && proof === undefined
      ? undefined
      : lie('a title that never changed hands is whom it was issued to');
  if (proof === undefined) return undefined;
  const { holding } = proof;
  const isOfTitle =
    sameBytes(holding.title_class, known.idBytes) &&
    holding.serial === serial &&
    holding.denomination === denomination &&
    holding.sequence === sequence &&
    isSameDestination(holding, to);
  if (!isOfTitle) return lie('its proof is of something else');
  return proofFault(known.certificate.title_class.terms.server, proof, context.verify) === undefined
    ? undefined
    : lie('its proof is not the server’s');
}

function isSameDestination(left: Destination, right: Destination): boolean {
  const [one, other] = [left.condition, right.condition];
  if (!sameBytes(left.holder, right.holder)) return false;
  if (one === undefined || other === undefined) return one === other;
  return (
    one.until === other.until && sameBytes(one.hash, other.hash) && sameBytes(one.fallback, other.fallback)
  );
}
