/** Messages of every kind that there is, right and almost right, pipelined to a box. */
import { REQUESTS } from '../../src/protocol/catalogue.ts';
import type { Request } from '../../src/protocol/catalogue.ts';
import { encode } from '../../src/protocol/codec.ts';
import { CATALOGUE, synthetic } from '../../src/protocol/synthetic.test-helper.ts';
import type { Json } from '../../src/protocol/synthetic.test-helper.ts';
import { mutations } from '../fuzz/mutations.ts';
import { fundRequest, orderOf } from './lone-box.ts';
import type { Key, LoneBox } from './lone-box.ts';
import { RawFront } from './raw-front.ts';

const MUTATIONS = 1_500;
const AT_ONCE = 50;

/** Sends the flood, and gives every byte that was answered. Throws where something was not answered. */
export async function flood(box: LoneBox, cashiers: readonly Key[]): Promise<readonly Buffer[]> {
  const front = await RawFront.connect(box.socket);
  front.greet();
  const { issuerId } = box;
  const known = examples(box, cashiers);
  const almost = mutations(1, () => known);
  const messages = [
    ...known.map((each) => new TextEncoder().encode(JSON.stringify(each))),
    ...Array.from({ length: MUTATIONS }, () => almost.next().value),
  ];
  const contexts = [issuerId, issuerId, issuerId, '', 'f'.repeat(64), '../../box.key', '__proto__'];
  for (let from = 0; from < messages.length; from += AT_ONCE) {
    const asked = messages.slice(from, from + AT_ONCE).map((message, index) => {
      const context = from === 0 ? issuerId : (contexts[(from + index) % contexts.length] ?? '');
      return front.ask(context, message);
    });
    const answers = await Promise.all(asked);
    if (answers.includes(undefined)) throw new Error('the box has not answered everything');
  }
  front.close();
  return front.heard;
}

/** One of every kind, and of those that a front with the cashiers' keys can get right, right ones. */
function examples({ issuerId, mintKeys }: LoneBox, cashiers: readonly Key[]): Json[] {
  const right: Request[] = [
    { type: 'request currencies', message_reference: 1 },
    { type: 'request cddc', message_reference: 1 },
    { type: 'request cdd serial', message_reference: 1 },
    { type: 'request mint key certificates', message_reference: 1 },
    {
      type: 'request mint key certificates',
      message_reference: 1,
      mint_key_ids: mintKeys.map((each) => each.mint_key.id),
    },
    { type: 'request float', message_reference: 1 },
    { type: 'request journal', message_reference: 1, from: 0 },
    { type: 'request pending orders', message_reference: 1 },
    ...cashiers.map((each) => fundRequest(issuerId, each, 1)),
    ...cashiers.map((each): Request => ({
      type: 'request operate',
      message_reference: 1,
      signed_order: orderOf(issuerId, { type: 'backup' }, [each]),
    })),
  ];
  return [
    ...right.map((each) => JSON.parse(Buffer.from(encode(each)).toString()) as Json),
    ...Object.keys(REQUESTS).map((type) => synthetic(CATALOGUE[type] ?? {})),
  ];
}
