import assert from 'node:assert/strict';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:dgram';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { accepted } from '../base/accepted.test-helper.ts';
import { Refusal } from '../base/refusal.ts';
import { Dice } from '../../test/fuzz/dice.ts';
import { STORM, SUNSHINE, openLossyUdp } from '../../test/support/lossy-udp.ts';
import { titleReferenceOf, writeTitleRequest, writeTitleResponse } from '../title/documents/codec.ts';
import { askUdp, openUdpClient } from './udp-client.ts';
import type { Schedule, UdpClientOptions } from './udp-client.ts';
import { serveUdp } from './udp-server.ts';
import type { UdpService } from './udp-server.ts';

const HOST = '127.0.0.1';
/** Many tries in little time: the path is this machine's. */
const EAGER: UdpClientOptions = { tries: 40, firstPause: 4, longestPause: 16 };

function question(reference: number, length = 0): Uint8Array {
  return writeTitleRequest({ reference, message: { type: 'request title server' } }, length);
}

function answerTo(request: Uint8Array): Uint8Array {
  return writeTitleResponse({
    reference: titleReferenceOf(request),
    message: { type: 'response title pool', stock: [{ denomination: 1, count: titleReferenceOf(request) }] },
  });
}

const ECHO: UdpService = {
  answer: (request) => Promise.resolve(answerTo(request)),
  bug: (error) => {
    throw error;
  },
};

async function served(t: TestContext, service: Partial<UdpService> = {}, underway = 256): Promise<number> {
  const server = await serveUdp({ ...ECHO, ...service }, { host: HOST, port: 0, underway });
  t.after(() => server.close());
  return server.port;
}

async function raw(t: TestContext): Promise<{ readonly socket: Socket; readonly heard: Uint8Array[] }> {
  const socket = createSocket('udp4');
  const heard: Uint8Array[] = [];
  socket.on('message', (bytes) => heard.push(bytes));
  await new Promise<void>((resolve) => socket.bind(0, HOST, resolve));
  t.after(() => socket.close());
  return { socket, heard };
}

function send(socket: Socket, bytes: Uint8Array, port: number): Promise<void> {
  return new Promise((resolve) => socket.send(bytes, port, HOST, () => resolve()));
}

/** All pauses are over at once, and written down. */
function hasty(pauses: number[]): Schedule {
  return (milliseconds, then) => {
    pauses.push(milliseconds);
    const immediate = setImmediate(then);
    return () => clearImmediate(immediate);
  };
}

describe('asking over UDP', () => {
  it('brings a question there and its answer back', async (t) => {
    const port = await served(t);
    const answer = accepted(await askUdp(HOST, port, question(7), EAGER));
    assert.deepEqual(answer, answerTo(question(7)));
    const byName = accepted(await askUdp('localhost', port, question(8), EAGER));
    assert.deepEqual(byName, answerTo(question(8)));
  });

  it('gets every answer, each to its own question, through a storm', async (t) => {
    const port = await served(t);
    const lossy = await openLossyUdp(port, 5, STORM);
    t.after(() => lossy.close());
    const client = accepted(await openUdpClient(HOST, lossy.port, EAGER));
    t.after(() => client.close());
    const references = Array.from({ length: 300 }, (_, index) => 1_000 + index);
    const answers = await Promise.all(references.map((each) => client.ask(question(each))));
    answers.forEach((answer, index) => {
      assert.deepEqual(accepted(answer), answerTo(question(references[index] ?? 0)));
    });
    for (const [what, count] of Object.entries(lossy.counts)) assert.ok(count > 20, `${what}: ${count}`);
    lossy.change(SUNSHINE);
    assert.deepEqual(accepted(await client.ask(question(1))), answerTo(question(1)));
  });

  it('sends the same bytes again after growing pauses, and says in the end that nobody answers', async (t) => {
    const { socket, heard } = await raw(t);
    const pauses: number[] = [];
    const options = { tries: 5, firstPause: 100, longestPause: 500, schedule: hasty(pauses) };
    const answer = await askUdp(HOST, socket.address().port, question(9), options);
    assert.ok(answer instanceof Refusal && answer.name === 'unreachable' && answer.temporary);
    assert.deepEqual(pauses, [100, 200, 400, 500, 500]);
    while (heard.length < 5) await once(socket, 'message');
    for (const datagram of heard) assert.deepEqual(new Uint8Array(datagram), question(9, 1_200));
  });

  it('outlasts a server that is away when it is asked', async (t) => {
    const first = await serveUdp(ECHO, { host: HOST, port: 0 });
    await first.close();
    const asking = askUdp(HOST, first.port, question(3), { ...EAGER, tries: 400 });
    const again = await serveUdp(ECHO, { host: HOST, port: first.port });
    t.after(() => again.close());
    assert.deepEqual(accepted(await asking), answerTo(question(3)));
  });

  it('takes nothing but an answer with its reference, from the server', async (t) => {
    const { socket } = await raw(t);
    const stranger = await raw(t);
    const answer = answerTo(question(5));
    socket.once('message', (_, { port }) => {
      const wrong = [answerTo(question(6)), question(5), answer.subarray(0, 6), new Uint8Array(900)];
      void (async () => {
        await send(stranger.socket, writeTitleResponse({ reference: 5, message: SILLY }), port);
        for (const each of wrong) await send(socket, each, port);
        await send(socket, answer, port);
        await send(socket, writeTitleResponse({ reference: 5, message: SILLY }), port);
      })();
    });
    assert.deepEqual(accepted(await askUdp(HOST, socket.address().port, question(5))), answer);
  });

  it('refuses what fits no datagram, a reference in use, and a host that is none', async (t) => {
    const { socket } = await raw(t);
    const client = accepted(await openUdpClient(HOST, socket.address().port));
    const large = await client.ask(question(1, 1_201));
    assert.ok(large instanceof Refusal && large.name === 'too large');
    const first = client.ask(question(2));
    const second = await client.ask(question(2));
    assert.ok(second instanceof Refusal && second.name === 'busy');
    client.close();
    for (const each of [await first, await client.ask(question(3))])
      assert.ok(each instanceof Refusal && each.name === 'unreachable');
    const nowhere = await askUdp('nobody.invalid', 1, question(1));
    assert.ok(nowhere instanceof Refusal && nowhere.name === 'unreachable');
  });
});

const SILLY = { type: 'response title pool', stock: [] } as const;

describe('serving over UDP', () => {
  it('is asked nothing but requests, and answers after a flood of junk', async (t) => {
    const dice = new Dice(11);
    const asked: Uint8Array[] = [];
    const port = await served(t, {
      answer: (request) => {
        asked.push(request);
        return Promise.resolve(answerTo(request));
      },
    });
    const { socket, heard } = await raw(t);
    for (let sent = 0; sent < 3_000; sent++) await send(socket, junk(dice), port);
    assert.deepEqual(accepted(await askUdp(HOST, port, question(4), EAGER)), answerTo(question(4)));
    assert.equal(heard.length, 0);
    for (const each of asked) assert.deepEqual(new Uint8Array(each), question(4, 1_200));
  });

  it('never answers an answer, whatever is in it, nor more than a datagram holds', async (t) => {
    const port = await served(t, {
      answer: before(() => Promise.reject(new Error('nobody may ask this'))),
    });
    const { socket, heard } = await raw(t);
    const kinds = Array.from({ length: 128 }, (_, kind) => {
      const bytes = question(1, 100);
      bytes[2] = 128 + kind;
      return bytes;
    });
    for (const each of [...kinds, answerTo(question(1)), question(1, 1_201)]) await send(socket, each, port);
    await settled(port);
    assert.equal(heard.length, 0);
  });

  it('sends nothing that is longer than its question, and says that this is a bug', async (t) => {
    const bugs: Error[] = [];
    const told = Promise.withResolvers<undefined>();
    const port = await served(t, {
      answer: before((request) => Promise.resolve(new Uint8Array(request.length + 1))),
      bug: (error) => {
        bugs.push(error);
        told.resolve(undefined);
      },
    });
    const { socket, heard } = await raw(t);
    await send(socket, question(1), port);
    await told.promise;
    await settled(port);
    assert.equal(heard.length, 0);
    assert.match(bugs.join(), /longer than its question/);
  });

  it('sends nothing where there is no answer, and goes on after a bug', async (t) => {
    const bugs: Error[] = [];
    const port = await served(t, {
      answer: (request) => {
        const reference = titleReferenceOf(request);
        if (reference === 1) return Promise.resolve(new Uint8Array(0));
        return reference === 2 ? Promise.reject(new Error('a fault')) : Promise.resolve(answerTo(request));
      },
      bug: (error) => bugs.push(error),
    });
    const { socket, heard } = await raw(t);
    for (const reference of [1, 2, 3]) await send(socket, question(reference, 60), port);
    while (heard.length === 0) await once(socket, 'message');
    assert.deepEqual(new Uint8Array(heard[0] ?? []), answerTo(question(3)));
    assert.equal(heard.length, 1);
    assert.deepEqual(
      bugs.map(({ message }) => message),
      ['a fault'],
    );
  });

  it('works on a bounded number at once, and drops the rest', async (t) => {
    const gate = Promise.withResolvers<undefined>();
    const full = Promise.withResolvers<undefined>();
    let most = 0;
    let now = 0;
    const port = await served(
      t,
      {
        answer: async (request) => {
          most = Math.max(most, ++now);
          if (now === 4) full.resolve(undefined);
          await gate.promise;
          now--;
          return answerTo(request);
        },
      },
      4,
    );
    const { socket } = await raw(t);
    for (let reference = 1; reference <= 40; reference++) await send(socket, question(reference, 60), port);
    await full.promise;
    const answer = askUdp(HOST, port, question(99), { ...EAGER, tries: 400 });
    gate.resolve(undefined);
    assert.deepEqual(accepted(await answer), answerTo(question(99)));
    assert.equal(most, 4);
  });

  it('lets what is underway be answered before it closes', async (t) => {
    const gate = Promise.withResolvers<undefined>();
    const begun = Promise.withResolvers<undefined>();
    const server = await serveUdp(
      {
        ...ECHO,
        answer: async (request) => {
          begun.resolve(undefined);
          await gate.promise;
          return answerTo(request);
        },
      },
      { host: HOST, port: 0 },
    );
    const { socket, heard } = await raw(t);
    await send(socket, question(1, 60), server.port);
    await begun.promise;
    const closed = server.close();
    gate.resolve(undefined);
    await closed;
    while (heard.length === 0) await once(socket, 'message');
    assert.deepEqual(new Uint8Array(heard[0] ?? []), answerTo(question(1)));
  });

  it('does not start where its port is taken', async (t) => {
    const port = await served(t);
    await assert.rejects(serveUdp(ECHO, { host: HOST, port }), { code: 'EADDRINUSE' });
  });
});

/** The last question of a test: by its answer, all that was sent before has been seen. */
const LAST = 77;

async function settled(port: number): Promise<void> {
  assert.deepEqual(accepted(await askUdp(HOST, port, question(LAST), EAGER)), answerTo(question(LAST)));
}

/** Answers the last question, and the others as it is told to. */
function before(answer: (request: Uint8Array) => Promise<Uint8Array>): UdpService['answer'] {
  return (request) =>
    titleReferenceOf(request) === LAST ? Promise.resolve(answerTo(request)) : answer(request);
}

function junk(dice: Dice): Uint8Array {
  const bytes = new Uint8Array(dice.below(1_500)).map(() => dice.below(256));
  // Half of them begin well, and are answers.
  if (dice.below(2) === 0) bytes.set([0x54, 0x01, 128 + dice.below(128)].slice(0, bytes.length));
  return bytes;
}
