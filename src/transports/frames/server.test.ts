import assert from 'node:assert/strict';
import { statSync, writeFileSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { serveFramesOn } from './server.ts';
import { openFramesClient } from './client.ts';
import { bytesOf, frame, Gate, MESSAGE_BYTES, Place, RawFront, some, text } from './frames.test-helper.ts';
import { writeFrame } from './frames.ts';

/** Asks as an honest front does, and must be answered whatever others are doing. */
async function answersOthers(place: Place): Promise<void> {
  const client = openFramesClient({ path: place.path, messageBytes: MESSAGE_BYTES, patience: 5_000 });
  for (let round = 0; round < 5; round++) {
    assert.equal(text(await client.ask('', bytesOf(`round ${round}`))), `round ${round}`);
  }
  client.close();
}

describe('a socket of frames', () => {
  it('has mode 0600, leaves nothing else behind, and goes when it is closed', async () => {
    await using place = new Place();
    // The most careless of umasks: nothing may hang on it.
    const umask = process.umask(0);
    place.later(() => process.umask(umask));
    const server = await place.serve({});
    assert.equal(statSync(place.path).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(place.folder), ['box']);
    await Promise.all([server.close(), server.close()]);
    await server.ended;
    assert.deepEqual(readdirSync(place.folder), []);
  });

  it('replaces a socket file that a killed process left', async () => {
    await using place = new Place();
    const script = `require('node:net').createServer().listen(process.argv[1], () => console.log('listening'))`;
    const child = spawn(process.execPath, ['-e', script, place.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    await assert.rejects(place.serve({}), /running process listens/);
    child.kill('SIGKILL');
    await once(child, 'exit');
    assert.ok(existsSync(place.path));
    await place.serve({});
    await answersOthers(place);
    assert.equal(statSync(place.path).mode & 0o777, 0o600);
  });

  it('is refused where a living process listens, which goes on undisturbed', async () => {
    await using place = new Place();
    await place.serve({});
    await assert.rejects(place.serve({}), /running process listens/);
    await answersOthers(place);
    assert.deepEqual(readdirSync(place.folder), ['box']);
  });

  it('is given to one of several that start at once', async () => {
    await using place = new Place();
    const stale = createServer().listen(`${place.path}-`);
    await once(stale, 'listening');
    const all = await Promise.allSettled(Array.from({ length: 5 }, () => place.serve({})));
    assert.equal(all.filter(({ status }) => status === 'fulfilled').length, 1);
    await answersOthers(place);
    stale.close();
  });

  it('is refused where another file is, which stays', async () => {
    await using place = new Place();
    writeFileSync(place.path, 'precious');
    await assert.rejects(place.serve({}), /no socket/);
    assert.equal(readFileSync(place.path, 'utf8'), 'precious');
  });

  it('of another server that took the path is not removed on closing', async () => {
    await using place = new Place();
    const first = await place.serve({});
    rmSync(place.path);
    await place.serve({});
    await first.close();
    await answersOthers(place);
  });
});

describe('a server of frames', () => {
  it('hands on context and bytes as they are, and says who asks', async () => {
    await using place = new Place();
    const peers: number[] = [];
    await place.serve({
      answer: async (context, bytes, peer) => {
        peers.push(peer.number);
        return bytesOf(`${context}|${text(bytes)}|${peer.carries}`);
      },
    });
    const [first, second] = [await place.raw(), await place.raw()];
    first.send(frame('hello', 0, 'carries'), frame('request', 9, 'any é', bytesOf('x')));
    assert.equal(text((await first.receive()).bytes), 'any é|x|true');
    second.send(frame('request', 9));
    assert.equal(text((await second.receive()).bytes), '||false');
    assert.deepEqual(peers, [1, 2]);
  });

  it('answers in the order in which answers are there', async () => {
    await using place = new Place();
    const gate = new Gate();
    await place.serve({
      answer: async (_context, bytes) => {
        if (text(bytes) === 'slow') await gate.pass();
        return bytes;
      },
    });
    const front = await place.raw();
    front.send(frame('request', 1, '', bytesOf('slow')), frame('request', 2, '', bytesOf('fast')));
    assert.equal((await front.receive()).id, 2);
    gate.open();
    assert.equal((await front.receive()).id, 1);
  });

  it('tells of a bug, answers what it is told to, and goes on', async () => {
    await using place = new Place();
    const bugs: string[] = [];
    await place.serve(
      {
        answer: (_context, bytes) => {
          if (text(bytes) === 'long') return Promise.resolve(new Uint8Array(101));
          throw new Error('a bug');
        },
        failed: (error) => {
          bugs.push(error.message);
          return bytesOf('sorry');
        },
      },
      { messageBytes: 100 },
    );
    const front = await place.raw();
    for (const asked of ['x', 'long']) {
      front.send(frame('request', 1, '', bytesOf(asked)));
      assert.equal(text((await front.receive()).bytes), 'sorry');
    }
    assert.deepEqual(bugs, ['a bug', 'an answer of 101 bytes, over 100']);
  });

  it('lets answers out that are underway when it closes, and takes no more', async () => {
    await using place = new Place();
    const gate = new Gate();
    const asked: number[] = [];
    const server = await place.serve({
      answer: async (_context, bytes) => {
        asked.push(bytes.length);
        await gate.pass();
        return new Uint8Array(900_000);
      },
    });
    const front = await place.raw();
    front.send(frame('request', 1));
    await gate.reached;
    const closed = server.close();
    front.send(frame('request', 2));
    const late = await place.raw();
    await late.dropped;
    gate.open();
    assert.equal((await front.receive()).bytes.length, 900_000);
    await closed;
    await front.dropped;
    assert.deepEqual(asked, [0]);
    assert.equal(existsSync(place.path), false);
  });

  it('closes in bounded time though the work never ends', async () => {
    await using place = new Place();
    const gate = new Gate();
    const server = await place.serve(
      { answer: () => gate.pass().then(() => bytesOf('')) },
      { graceMilliseconds: 50 },
    );
    const front = await place.raw();
    front.send(frame('request', 1));
    await gate.reached;
    await server.close();
    await front.dropped;
    gate.open();
  });

  it('answers a front that said all it has to say, and then ends', async () => {
    await using place = new Place();
    await place.serve({});
    const front = await place.raw();
    front.socket.end(Buffer.concat([1, 2, 3].map((id) => writeFrame(frame('request', id)))));
    for (const id of [1, 2, 3]) assert.equal((await front.receive()).id, id);
    front.socket.resume();
    await front.dropped;
  });

  it('serves one front over a pair of streams, to its end', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    const server = serveFramesOn(
      input,
      output,
      { answer: async (_context, bytes) => bytes, failed: () => bytesOf('') },
      { messageBytes: 100 },
    );
    const received: Buffer[] = [];
    output.on('data', (chunk: Buffer) => received.push(chunk));
    const asked = frame('request', 5, '', bytesOf('over a line'));
    input.end(writeFrame(asked));
    await server.ended;
    assert.deepEqual(Buffer.concat(received), Buffer.from(writeFrame({ ...asked, kind: 'answer' })));
    await server.close();
  });
});

describe('a hostile front harms only itself:', () => {
  const garbage: Record<string, Uint8Array> = {
    'words of another protocol': bytesOf('GET / HTTP/1.1\r\nHost: box\r\n\r\n'),
    'too large a message': Buffer.from('7fffffff010000000100', 'hex'),
    'an answer that nobody asked for': writeFrame(frame('answer', 1)),
    'carry, which is not for fronts': writeFrame(frame('carry', 1, 'https://x.example/')),
    'a second hello': Buffer.concat([writeFrame(frame('hello', 0)), writeFrame(frame('hello', 0))]),
  };
  for (const [what, bytes] of Object.entries(garbage)) {
    it(what, async () => {
      await using place = new Place();
      await place.serve({});
      const front = await place.raw();
      front.socket.write(bytes);
      front.socket.resume();
      await front.dropped;
      await answersOthers(place);
    });
  }

  it('half a frame, and half a frame drop by drop', async () => {
    await using place = new Place();
    await place.serve({}, { frameMilliseconds: 100 });
    const [half, drops, patient] = [await place.raw(), await place.raw(), await place.raw()];
    const whole = writeFrame(frame('request', 1, '', new Uint8Array(1_000)));
    half.socket.write(whole.subarray(0, 500));
    let at = 0;
    const drip = setInterval(() => drops.socket.write(whole.subarray(at, ++at)), 5);
    for (const front of [half, drops, patient]) front.socket.resume();
    await answersOthers(place);
    await Promise.all([half.dropped, drops.dropped]);
    clearInterval(drip);
    // One who has begun nothing may wait as long as it likes.
    assert.equal(patient.socket.destroyed, false);
  });

  it('one that never takes its answers is no longer read, and then dropped', async () => {
    await using place = new Place();
    let asked = 0;
    await place.serve(
      {
        answer: async (_context, bytes) => {
          if (bytes.length > 0) return bytes;
          asked++;
          return new Uint8Array(100_000);
        },
      },
      { waitingBytes: 500_000, takeMilliseconds: 300, underway: 4 },
    );
    const front = await place.raw();
    front.send(...Array.from({ length: 5_000 }, (_, id) => frame('request', id)));
    await answersOthers(place);
    // It reads nothing, so it learns that it was dropped only when it writes.
    const poke = setInterval(() => front.send(frame('request', 1)), 20);
    await front.dropped;
    clearInterval(poke);
    await answersOthers(place);
    // What the kernel's buffers take, what may wait, and what was underway: of 5,000 that were asked.
    assert.ok(asked >= 4 && asked < 100, `${asked} were worked on`);
  });

  it('a flood is worked on in turns with what others ask', async () => {
    await using place = new Place();
    const gate = new Gate();
    const begun: string[] = [];
    let [now, most] = [0, 0];
    await place.serve(
      {
        answer: async (context, bytes) => {
          begun.push(context);
          most = Math.max(most, ++now);
          await gate.pass();
          await new Promise((resolve) => setImmediate(resolve));
          now--;
          return bytes;
        },
      },
      { underway: 8, underwayOverAll: 12 },
    );
    const floods = [await place.raw(), await place.raw()];
    for (const flood of floods) {
      flood.send(...Array.from({ length: 20_000 }, (_, id) => frame('request', id, 'flood')));
      flood.socket.resume();
    }
    await gate.reached;
    const honest = await place.raw();
    honest.send(frame('request', 1, 'honest'));
    gate.open();
    await honest.receive();
    assert.ok(most <= 12, `${most} at once`);
    const before = begun.indexOf('honest');
    assert.ok(before >= 0 && before < 2_000, `${before} were begun before`);
    await answersOthers(place);
  });

  it('thousands of connects', async () => {
    await using place = new Place();
    await place.serve({}, { connections: 600 });
    const old = await place.raw();
    old.send(frame('request', 1));
    await old.receive();
    const drops: Promise<void>[] = [];
    for (let wave = 0; wave < 8; wave++) {
      const fronts = Array.from({ length: 250 }, () => new RawFront(connect(place.path)));
      place.later(() => fronts.forEach(({ socket }) => socket.destroy()));
      const all = Promise.all(fronts.map(({ socket }) => once(socket.resume(), 'connect')));
      await answersOthers(place);
      await all;
      drops.push(...fronts.map(({ dropped }) => dropped));
    }
    old.send(frame('request', 2));
    assert.equal((await old.receive()).id, 2);
    await Promise.all(drops.slice(0, 1_000));
  });

  it('one that goes away in the middle', async () => {
    await using place = new Place();
    const gate = new Gate();
    await place.serve({
      answer: async (_context, bytes) => {
        if (text(bytes) === 'wait') await gate.pass();
        return bytes;
      },
    });
    const front = await place.raw();
    front.send(frame('request', 1, '', bytesOf('wait')));
    await gate.reached;
    front.socket.destroy();
    await answersOthers(place);
    gate.open();
    await answersOthers(place);
  });
});

describe('carrying', () => {
  it('goes to the fronts that offered it, in turns, and to no other', async () => {
    await using place = new Place();
    const server = await place.serve({});
    assert.equal(await server.carry('https://x.example/', bytesOf('m')), undefined);
    const fronts: RawFront[] = [];
    for (const context of ['carries', '', 'carries']) {
      const front = await place.raw();
      front.send(frame('hello', 0, context), frame('request', 1));
      await front.receive();
      fronts.push(front);
    }
    const [first, , third] = fronts;
    for (const front of [first, third, first]) {
      const carried = server.carry('https://x.example/', bytesOf('m'));
      const asked = await some(front).receive();
      assert.deepEqual([asked.kind, asked.context, text(asked.bytes)], ['carry', 'https://x.example/', 'm']);
      some(front).send(frame('carried', asked.id, '', bytesOf('done')));
      assert.equal(text(await carried), 'done');
    }
  });

  it('gives undefined when the front says so, goes away or takes too long, and when it is at its bound', async () => {
    await using place = new Place();
    const server = await place.serve({}, { carryMilliseconds: 100, carrying: 1 });
    const front = await place.raw();
    front.send(frame('hello', 0, 'carries'), frame('request', 1));
    await front.receive();
    const ask = () => server.carry('https://x.example/', bytesOf(''));
    const unreachable = ask();
    assert.equal(await ask(), undefined);
    front.send(frame('carried', (await front.receive()).id, 'unreachable'));
    assert.equal(await unreachable, undefined);
    const tooLate = ask();
    const { id } = await front.receive();
    assert.equal(await tooLate, undefined);
    front.send(frame('carried', id, '', bytesOf('late')), frame('request', 2));
    assert.equal((await front.receive()).id, 2);
    const lost = ask();
    await front.receive();
    front.socket.destroy();
    assert.equal(await lost, undefined);
    assert.equal(await ask(), undefined);
    await assert.rejects(server.carry('', bytesOf('')), RangeError);
  });
});
