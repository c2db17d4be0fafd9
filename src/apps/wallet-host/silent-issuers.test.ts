import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import type { TestContext } from 'node:test';
import { tellOfSilent } from './silent-issuers.ts';

/** A server that answers with a status; with none it says nothing. */
async function serve(t: TestContext, status?: number): Promise<{ url: string; asked: Promise<void> }> {
  let hear = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    hear = resolve;
  });
  const server = createServer((_request, response) => {
    hear();
    if (status !== undefined) response.writeHead(status).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`, asked };
}

describe('issuers that a host is told of', () => {
  it('are named where they do not answer, or something else does in their stead', async (t) => {
    const [there, broken] = [await serve(t, 200), await serve(t, 502)];
    // Nothing listens where this machine keeps the port for nobody.
    const nobody = 'http://127.0.0.1:1/';
    const told: string[] = [];
    await tellOfSilent([there.url, broken.url, nobody], new AbortController().signal, (issuer) =>
      told.push(issuer),
    );
    assert.deepEqual(told.toSorted(), [broken.url, nobody].toSorted());
  });

  it('are waited for no longer than the host runs, and are then not complained about', async (t) => {
    const quiet = await serve(t);
    const stopping = new AbortController();
    const told: string[] = [];
    const telling = tellOfSilent([quiet.url], stopping.signal, (issuer) => told.push(issuer));
    await quiet.asked;
    stopping.abort();
    await telling;
    assert.deepEqual(told, []);
  });
});
