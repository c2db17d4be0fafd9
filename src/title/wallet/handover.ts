/** A handover: what the new holder of titles gets from whoever transferred them, as JSON. */
import { utf8 } from '../../base/bytes.ts';
import { readJson } from '../../base/json.ts';
import { Refusal, refuse } from '../../base/refusal.ts';
import { readFormJson } from '../documents/codec.ts';
import { Key, TitleProof } from '../documents/documents.ts';
import { list, record, text } from '../documents/form.ts';
import type { Formed } from '../documents/form.ts';
import { TITLE_LIMITS } from '../documents/limits.ts';

const TYPE = 'title handover';
const URL_BYTES = 2_000;

const Handover = record({
  server: Key,
  /** Where the sender asks this server. */
  url: text(URL_BYTES),
  proofs: list(TitleProof, 1, 2 * TITLE_LIMITS.titlesPerTransfer),
});
export type Handover = Formed<typeof Handover>;

export function writeHandover(handover: Handover): string {
  return JSON.stringify({ type: TYPE, ...(Handover.toJson(handover) as object) });
}

/** Reads a handover; checks its form alone. Refuses 'malformed' or 'too large'. */
export function readHandover(typed: string): Handover | Refusal {
  const json = readJson(utf8(typed.trim()));
  if (json instanceof Refusal) return json;
  if (typeof json !== 'object' || json === null || !('type' in json) || json.type !== TYPE)
    return refuse('malformed', `the handover: no “${TYPE}”`);
  const { type: _, ...fields } = json;
  return readFormJson(Handover, fields, 'the handover');
}
