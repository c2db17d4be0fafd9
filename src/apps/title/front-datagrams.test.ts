/** However many datagrams come, HTTP has its share of what the title box does at once. */
import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import { it } from 'node:test';
import { accepted } from '../../base/accepted.test-helper.ts';
import { writeTitleRequest } from '../../title/documents/codec.ts';
import { serveTitleUdp } from './front.ts';
import { TITLE_UNDERWAY } from './options.ts';

const HOST = '127.0.0.1';

it('datagrams alone never take every place of the frames to the box', async () => {
  const held: (() => void)[] = [];
  let arrived: () => void = () => undefined;
  const udp = accepted(
    await serveTitleUdp(
      {
        carry: () => Promise.reject(new Error('nothing comes over HTTP here')),
        ask: () => Promise.reject(new Error('nothing is asked here')),
        close: () => undefined,
        carryDatagram: (request) =>
          new Promise((resolve) => {
            held.push(() => resolve(request));
            arrived();
          }),
      },
      { host: HOST, port: 0 },
    ),
  );
  const sender = createSocket('udp4');
  const send = (reference: number): void =>
    sender.send(writeTitleRequest({ reference, message: { type: 'request title server' } }), udp.port, HOST);
  const room = TITLE_UNDERWAY - 256;
  for (let reference = 1; reference <= room; reference++) {
    const here = new Promise<void>((resolve) => (arrived = resolve));
    send(reference);
    await here;
  }
  // Nobody is told of what is dropped: there are turns enough for it to come.
  for (let turn = 1; turn <= 100; turn++) {
    send(room + turn);
    await new Promise(setImmediate);
  }
  const { length } = held;
  for (const release of held) release();
  await udp.close();
  sender.close();
  assert.equal(length, room);
});
