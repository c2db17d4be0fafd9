import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { describe, it } from 'node:test';
import { openFramesClient, openFramesClientOn } from './client.ts';
import type { Carriage, FramesClient, FramesClientLimits } from './client.ts';
import { serveFramesOn } from './server.ts';
import { bytesOf, frame, Gate, MESSAGE_BYTES, Place, RawFront, some, text } from './frames.test-helper.ts';
import { writeFrame } from './frames.ts';

function open(place: Place, limits: Partial<FramesClientLimits> = {}, carriage?: Carriage): FramesClient {
  const client = openFramesClient({ messageBytes: MESSAGE_BYTES, ...limits, ...carriage, path: place.path });
  place.later(() => client.close());
  return client;
}

/** A box that does what the test says: gives each front that connects, after its hello. */
async function rawBox(place: Place): Promise<() => Promise<RawFront>> {
  const came: Socket[] = [];
  const server = createServer((socket) => {
    came.push(socket);
    server.emit('came');
  }).listen(place.path);
  place.later(() => {
    came.forEach((socket) => socket.destroy());
    server.close();
  });
  await once(server, 'listening');
  let next = 0;
  return async () => {
    if (came[next] === undefined) await once(server, 'came');
    const front = new RawFront(some(came[next++]));
    assert.equal((await front.receive()).kind, 'hello');
    return front;
  };
}

const SCRIPT = `
  import { serveFrames } from ${JSON.stringify(new URL('./server.ts', import.meta.url).href)};
  const service = {
    answer: (context, bytes) => Buffer.from(bytes).toString() === 'never' ? new Promise(() => {}) : Promise.resolve(bytes),
    failed: (error) => { throw error; },
  };
  await serveFrames(service, { path: process.argv[1], messageBytes: 1048576 });
  console.log('serving');`;

async function startBox(place: Place) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, place.path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  place.later(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

describe('a client of frames', () => {
  it('gets each answer to the one who asked, in whatever order they come', async () => {
    await using place = new Place();
    const box = await rawBox(place);
    const client = open(place);
    const answers = Promise.all(['a', 'b', 'c'].map((each) => client.ask('', bytesOf(each))));
    const front = await box();
    const asked = [await front.receive(), await front.receive(), await front.receive()];
    for (const { id, bytes } of asked.reverse()) front.send(frame('answer', id, '', bytes));
    assert.deepEqual((await answers).map(text), ['a', 'b', 'c']);
  });

  it('carries thousands of requests at once, and the largest', async () => {
    await using place = new Place();
    await place.serve({ answer: async (context, bytes) => (context === '' ? bytes : bytesOf(context)) });
    const client = open(place);
    const small = Array.from({ length: 4_000 }, (_, index) => client.ask(`${index}`, bytesOf('x')));
    const large = new Uint8Array(MESSAGE_BYTES).fill(7);
    const answers = await Promise.all(small);
    assert.deepEqual(
      answers.map(text),
      small.map((_, index) => `${index}`),
    );
    for (const answer of await Promise.all(Array.from({ length: 10 }, () => client.ask('', large)))) {
      assert.ok(Buffer.from(large).equals(some(answer)));
    }
    await assert.rejects(client.ask('', new Uint8Array(MESSAGE_BYTES + 1)), RangeError);
    await assert.rejects(client.ask('x'.repeat(3_000), large), RangeError);
  });

  it('loses what was underway when the box is killed, never sends it again, and finds the next box', async () => {
    await using place = new Place();
    const client = open(place, { firstPause: 10, longestPause: 20 });
    assert.equal(await client.ask('', bytesOf('too early')), undefined);
    const first = await startBox(place);
    while ((await client.ask('', bytesOf('up'))) === undefined);
    const lost = client.ask('', bytesOf('never'));
    assert.equal(text(await client.ask('', bytesOf('after it'))), 'after it');
    first.kill('SIGKILL');
    assert.equal(await lost, undefined);
    await startBox(place);
    while ((await client.ask('', bytesOf('again'))) === undefined);
    assert.equal(text(await client.ask('', bytesOf('yes'))), 'yes');
  });

  it('asks nothing twice: a second connection carries only what is new', async () => {
    await using place = new Place();
    const box = await rawBox(place);
    const client = open(place, { underway: 1 });
    const [lost, kept] = [client.ask('', bytesOf('lost')), client.ask('', bytesOf('kept'))];
    const first = await box();
    first.send(frame('carried', 1));
    assert.equal(await lost, undefined);
    const retried = Promise.race([kept, box()]);
    // This box said nothing a front may hear, but it spoke: what never left goes to the next connection.
    const second = await retried;
    assert.ok(second instanceof RawFront);
    const asked = await second.receive();
    assert.equal(text(asked.bytes), 'kept');
    second.send(frame('answer', asked.id, '', bytesOf('here')));
    assert.equal(text(await kept), 'here');
  });

  it('keeps to its bounds: so many underway, so many waiting, and no more', async () => {
    await using place = new Place();
    const gate = new Gate();
    let [now, most] = [0, 0];
    await place.serve({
      answer: async (_context, bytes) => {
        most = Math.max(most, ++now);
        await gate.pass();
        now--;
        return bytes;
      },
    });
    const client = open(place, { underway: 3, waiting: 5 });
    const first = client.ask('', bytesOf('0'));
    await gate.reached;
    const more = Array.from({ length: 10 }, (_, index) => client.ask('', bytesOf(`${index + 1}`)));
    assert.deepEqual((await Promise.all(more.slice(7))).map(text), [undefined, undefined, undefined]);
    gate.open();
    const answers = await Promise.all([first, ...more.slice(0, 7)]);
    assert.deepEqual(answers.map(text), ['0', '1', '2', '3', '4', '5', '6', '7']);
    assert.equal(most, 3);
  });

  it('waits no longer than its patience, and bears an answer that comes too late', async () => {
    await using place = new Place();
    const box = await rawBox(place);
    const client = open(place, { patience: 50, underway: 2 });
    const slow = client.ask('', bytesOf('slow'));
    const front = await box();
    const { id } = await front.receive();
    assert.equal(await slow, undefined);
    front.send(frame('answer', id, '', bytesOf('late')));
    const next = client.ask('', bytesOf('next'));
    const asked = await front.receive();
    assert.notEqual(asked.id, id);
    front.send(frame('answer', asked.id, '', bytesOf('in time')));
    assert.equal(text(await next), 'in time');
    // Two that are never answered are all that may be underway: such a box is left.
    await Promise.all([client.ask('', bytesOf('x')), client.ask('', bytesOf('y'))]);
    front.socket.resume();
    await front.dropped;
  });

  const garbage = {
    'words of another protocol': bytesOf('HTTP/1.1 400 Bad Request\r\n\r\n'),
    'an answer to nothing': writeFrame(frame('answer', 77)),
    'carry, which it did not offer': writeFrame(frame('carry', 1, 'https://x.example/')),
  };
  for (const [what, bytes] of Object.entries(garbage)) {
    it(`leaves a box that sends ${what}`, async () => {
      await using place = new Place();
      const box = await rawBox(place);
      const asked = open(place).ask('', bytesOf('x'));
      const front = await box();
      front.socket.write(bytes);
      assert.equal(await asked, undefined);
    });
  }

  it('answers nothing once it is closed, and whoever waits is told', async () => {
    await using place = new Place();
    const gate = new Gate();
    await place.serve({ answer: () => gate.pass().then(() => bytesOf('')) });
    const client = open(place);
    const asked = client.ask('', bytesOf('x'));
    await gate.reached;
    client.close();
    assert.equal(await asked, undefined);
    assert.equal(await client.ask('', bytesOf('x')), undefined);
    gate.open();
  });

  it('keeps no process alive once it is closed', async () => {
    await using place = new Place();
    await place.serve({});
    const script = `
      import { openFramesClient } from ${JSON.stringify(new URL('./client.ts', import.meta.url).href)};
      const client = openFramesClient({ path: process.argv[1], messageBytes: 1000 });
      console.log((await client.ask('', new Uint8Array(3))).length);
      client.close();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script, place.path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    assert.equal(said.toString(), '3\n');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  it('speaks over a pair of streams, and is over when they are', async () => {
    const [there, back] = [new PassThrough(), new PassThrough()];
    const service = { answer: async (context: string) => bytesOf(`${context}!`), failed: () => bytesOf('') };
    const server = serveFramesOn(there, back, service, { messageBytes: 100 });
    const client = openFramesClientOn(back, there, { messageBytes: 100 });
    assert.equal(text(await client.ask('hey', bytesOf(''))), 'hey!');
    await server.close();
    await server.ended;
    assert.equal(await client.ask('hey', bytesOf('')), undefined);
  });
});

describe('a client that offered to carry', () => {
  it('connects of itself, carries both ways, and says when it cannot', async () => {
    await using place = new Place();
    const bugs: string[] = [];
    const server = await place.serve({
      answer: async (_context, bytes) => some(await server.carry('https://x.example/', bytes)),
    });
    const carriage: Carriage = {
      carry: async (url, bytes) => {
        if (url.includes('none')) return undefined;
        if (url.includes('bug')) throw new Error('a bug');
        return bytesOf(`${url} says ${text(bytes)}`);
      },
      failed: (error) => bugs.push(error.message),
    };
    const client = open(place, {}, carriage);
    assert.equal(text(await client.ask('', bytesOf('hello'))), 'https://x.example/ says hello');
    assert.equal(await server.carry('https://none.example/', bytesOf('')), undefined);
    assert.equal(await server.carry('https://bug.example/', bytesOf('')), undefined);
    assert.deepEqual(bugs, ['a bug']);
  });
});
