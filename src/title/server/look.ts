/** Answers to whoever looks: everything that a title server knows but its keys is public. */
import { Refusal, refuse } from '../../base/refusal.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';
import type { Said } from '../documents/messages.ts';
import { LEAST_PROVEN_BYTES, tooLarge } from './answers.ts';
import { OutdatedProof } from './outdated.ts';
import type { Past, Way } from './past.ts';
import type { TitleServerParts, TitleStore } from './ports.ts';
import type { TitleState } from './state.ts';

export function lookAtServer(state: TitleState, parts: TitleServerParts): Said<'response title server'> {
  return {
    type: 'response title server',
    server: parts.key.publicKey,
    time: state.timeAt(parts.clock()),
    classes: state.registry.classes.length,
    titles: state.registry.titles,
    groups: state.end.groups,
    most_titles: state.registry.most,
    udp_port: parts.udpPort,
  };
}

export function lookAtClasses(
  { from }: Said<'request title classes'>,
  { registry }: TitleState,
): Said<'response title classes'> {
  const classes = registry.classes.slice(from, from + TITLE_LIMITS.classesPage);
  return { type: 'response title classes', certificates: classes.map(({ certificate }) => certificate) };
}

export function lookAtPool(
  { title_class }: Said<'request title pool'>,
  { registry, pool }: TitleState,
): Said<'response title pool'> | Refusal {
  const known = registry.find(title_class);
  if (known === undefined) return refuse('unknown', 'title_class: no class of this server');
  const { denominations } = known.certificate.title_class.terms;
  const stock = denominations.map((denomination) => ({
    denomination,
    count: pool.count(known.id, denomination),
  }));
  return { type: 'response title pool', stock };
}

/** Who holds a title, and the proof of it. */
export async function lookAtTitle(
  { title_class, serial }: Said<'request title'>,
  { registry }: TitleState,
  { past, store }: { readonly past: Past; readonly store: Pick<TitleStore, 'sequence'> },
  { room, way }: { readonly room: number; readonly way: Way },
): Promise<Said<'response title'> | Refusal> {
  const known = registry.find(title_class);
  if (known === undefined) return refuse('unknown', 'title_class: no class of this server');
  const place = registry.place(known, serial);
  if (place === undefined) return refuse('unknown', `serial: ${serial} was not issued`);
  const { denomination, holder } = place.range;
  const type = 'response title';
  const sequence = store.sequence(place.cell);
  if (sequence === 0)
    return { type, denomination, sequence, to: { holder, condition: undefined }, proof: undefined };
  if (room < LEAST_PROVEN_BYTES) return tooLarge();
  const proof = await past.proof({ cell: place.cell, serial, titleClass: title_class }, way);
  if (proof instanceof Refusal) return proof;
  if (proof === undefined)
    return new OutdatedProof(
      `serial: ${serial} is at ${sequence}; its holder has the proof, the server’s documents were lost`,
      serial,
      sequence,
    );
  const { holding } = proof;
  return {
    type,
    denomination,
    sequence: holding.sequence,
    to: { holder: holding.holder, condition: holding.condition },
    proof,
  };
}
