/** Title servers in processes of their own, as people start them, and ways to ask them. */
import { openKeyFile } from '../../src/apps/cli/operator/key.ts';
import type { IssuerKey } from '../../src/apps/title/issuing.ts';
import { hexToBytes } from '../../src/base/bytes.ts';
import { signEd25519 } from '../../src/signers/ed25519.ts';
import type { TitleWay } from '../../src/title/audit/ask.ts';
import { TITLE_LIMITS } from '../../src/title/documents/limits.ts';
import { post } from '../../src/transports/http-client.ts';
import { askUdp } from '../../src/transports/udp-client.ts';
import type { UdpClientOptions } from '../../src/transports/udp-client.ts';
import { certain } from './certain.ts';
import { isGone, programsWith, titleBoxWith } from './parts.ts';
import { SPECIE, freePort, launch, until } from './processes.ts';
import type { Ended, Running } from './processes.ts';

export interface TitleProcess {
  readonly port: number;
  readonly url: string;
  readonly running: Running;
  readonly overHttp: TitleWay;
  /** Datagrams, sent again until they are answered or the patience is over. */
  overUdp(options?: UdpClientOptions & { readonly port?: number }): TitleWay;
  /** The process of the box. */
  boxPid(): number;
  /** Kills the box with SIGKILL; the supervisor starts another one. */
  killBox(): Promise<void>;
  /** Ends it as an operator does. Rejects when it did not end well or logged a bug. */
  stop(): Promise<Ended>;
}

export interface TitleProcessOptions {
  /** Its data folder. */
  readonly data: string;
  readonly port?: number;
  /** Further arguments of `specie title serve`, such as the issuers. */
  readonly args: readonly string[];
}

/** Starts a title server with a key file beside its folder, and waits until it serves. */
export async function startTitles({ data, port: wanted, args }: TitleProcessOptions): Promise<TitleProcess> {
  const port = wanted ?? (await freePort());
  const place = ['--data', data, '--key-file', `${data}.unlock`, '--port', String(port)];
  const running = launch(process.execPath, [SPECIE, 'title', 'serve', ...place, ...args]);
  const end = await Promise.race([running.said('Titles are served at'), running.ended]);
  if (end !== undefined) throw new Error(`the title server ended at its start: ${end.stderr}`);
  const url = `http://127.0.0.1:${port}/title`;
  const boxPid = () => {
    const pid = titleBoxWith(data);
    if (pid === undefined) throw new Error('no title box runs');
    return pid;
  };
  const killBox = async () => {
    const pid = boxPid();
    process.kill(pid, 'SIGKILL');
    await until(() => isGone(pid), 'the title box outlives SIGKILL');
  };
  const stop = async () => {
    running.child.kill('SIGTERM');
    const ended = await running.ended;
    await until(() => programsWith(data).length === 0, 'the programs outlive their supervisor');
    if (ended.status !== 0 || ended.stderr.includes('"event":"bug"'))
      throw new Error(`the title server did not end well: ${JSON.stringify(ended)}`);
    return ended;
  };
  return {
    port,
    url,
    running,
    overHttp: (request) => post(url, request, TITLE_LIMITS.messageBytes, 'application/octet-stream'),
    overUdp: (options = {}) => {
      const patience = { tries: 200, firstPause: 20, longestPause: 100, ...options };
      return (request) => askUdp('127.0.0.1', options.port ?? port, request, patience);
    },
    boxPid,
    killBox,
    stop,
  };
}

/** The issuer's key in a file without a passphrase. */
export async function issuerKeyIn(path: string): Promise<IssuerKey> {
  const { publicKey, secret } = certain(await openKeyFile(path, { passphrase: () => Promise.resolve('') }));
  return {
    publicKey: hexToBytes(publicKey),
    sign: (bytes) => hexToBytes(signEd25519(secret, bytes)),
  };
}
