/** An issuer whose box is a confined process of its own, with bank and front in this one: to be killed, lost and restored. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createInterface } from 'node:readline';
import { audit } from '../src/apps/audit/audit.ts';
import type { Findings } from '../src/apps/audit/audit.ts';
import { gather } from '../src/apps/audit/gather.ts';
import { cashierOf, openRunningBank } from '../src/apps/bank/open.ts';
import type { RunningBank } from '../src/apps/bank/open.ts';
import { serveBanks } from '../src/apps/bank/serve.ts';
import { boxProgram } from '../src/apps/box/program.ts';
import { wayTo } from '../src/apps/cli/audit/audit.ts';
import { openFront } from '../src/apps/issuer/front.ts';
import type { Front } from '../src/apps/issuer/front.ts';
import { reportBug, serveFront } from '../src/apps/issuer/serve.ts';
import { accountRail } from '../src/bank/rail-account.ts';
import { testRail } from '../src/bank/rail-test.ts';
import { canonicalBytes } from '../src/base/canonical.ts';
import { DAY, HOUR, writeDate } from '../src/base/dates.ts';
import { LIMITS } from '../src/base/limits.ts';
import { Refusal } from '../src/base/refusal.ts';
import type { Action, Founding, OperatorOrder } from '../src/protocol/governance.ts';
import { ACTION_NAMES } from '../src/protocol/governance.ts';
import type { JournalEvent } from '../src/protocol/journal.ts';
import { makeCashierKey, signEd25519, verifyEd25519 } from '../src/signers/ed25519.ts';
import { openMemoryWalletStore } from '../src/stores/wallet/memory.ts';
import { get, post } from '../src/transports/http-client.ts';
import { openWallet } from '../src/wallet/wallet.ts';
import type { Wallet } from '../src/wallet/wallet.ts';
import { freePort } from './support/processes.ts';

/** Fails on a refusal, and gives what is none. */
export function must<Value>(value: Value | Refusal): Value {
  assert.ok(!(value instanceof Refusal), value instanceof Refusal ? value.details : '');
  return value;
}

/** Where the parts of an issuer are. */
export interface Places {
  readonly box: string;
  readonly bank: string;
  readonly second: string | null;
  /** That of the standing when not given. */
  readonly keyFile?: string;
}

/** What stays the same whatever is lost. */
export interface Standing {
  readonly top: string;
  readonly port: number;
  readonly url: string;
  readonly founding: string;
  readonly operator: { readonly publicKey: string; readonly secret: Uint8Array };
}

/** The founding of a currency whose one operator may order anything, with a recipient for backups. */
export async function stand(
  top: string,
  bank: string,
  recipient: string,
  { name = 'Town', owner }: { readonly name?: string; readonly owner?: string } = {},
): Promise<Standing> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const operator = makeCashierKey();
  const founding = join(top, `${name}.json`);
  writeFileSync(
    founding,
    JSON.stringify(
      foundingOf(url, must(await cashierOf(bank)), owner ?? operator.publicKey, recipient, name),
    ),
  );
  return { top, port, url, founding, operator };
}

function foundingOf(
  url: string,
  cashier: string,
  operator: string,
  recipient: string,
  name: string,
): Founding {
  const service: [number, string][] = [[10, url]];
  return {
    cashiers: [{ cashier, limit_per_day: 1_000_000, limit_per_operation: 10_000 }],
    currency_divisor: 1,
    description: {
      additional_info: '',
      cdd_expiry_date: writeDate(Date.now() + 3_650 * DAY),
      cdd_location: url,
      currency_name: name,
      denominations: [1, 2, 4, 8, 16, 32],
      info_service: service,
      invalidation_service: service,
      renewal_service: service,
      validation_service: service,
    },
    issuer_cipher_suite: 'RSA-SHA384-PSS-RFC9474',
    key_schedule: {
      coins_live_seconds: 86_400 * 60,
      keys_sign_seconds: 86_400 * 30,
      publish_ahead_seconds: 0,
    },
    policy: {
      operators: [{ name: 'Anna', public_key: operator, recipient, role: 'owner' }],
      rules: ACTION_NAMES.map((action) => ({
        action,
        most_per_day: 1_000_000,
        most_per_order: 1_000_000,
        roles: ['owner'],
        signatures: 1,
      })),
      type: 'policy',
    },
    treasury: 100_000,
    type: 'founding',
  };
}

/** A box in a confined process, as `specie box` runs it, without the supervisor that would start it again. */
export class BoxProcess {
  readonly child: ChildProcess;
  readonly #errors: Promise<string>;

  private constructor(child: ChildProcess) {
    this.child = child;
    this.#errors = text(child.stderr!);
  }

  /** Resolves when it serves; rejects with what it said when it does not. */
  static async start(
    standing: Standing,
    { box, second, keyFile = keyFileOf(standing) }: Places,
  ): Promise<BoxProcess> {
    const program = must(
      boxProgram({
        folder: box,
        unlock: { keyFile },
        second,
        foundings: [standing.founding],
        socket: socketOf(standing),
      }),
    );
    const child = spawn(program.command, program.args, { env: { ...program.environment }, stdio: 'pipe' });
    const kill = () => child.kill('SIGKILL');
    process.once('exit', kill);
    child.once('close', () => process.removeListener('exit', kill));
    const started = new BoxProcess(child);
    for await (const line of createInterface(child.stdout)) if (line === program.ready) return started;
    throw new Error(`the box did not start: ${await started.#errors}`);
  }

  async end(signal: NodeJS.Signals): Promise<string> {
    const closed = once(this.child, 'close');
    this.child.kill(signal);
    await closed;
    return this.#errors;
  }
}

export function keyFileOf({ top }: Standing): string {
  return join(top, 'box.key');
}

function socketOf({ top }: Standing): string {
  const folder = join(top, 'socket');
  mkdirSync(folder, { recursive: true });
  return join(folder, 'box.sock');
}

/** Those that a test which failed has left running. */
const left = new Set<Issuer>();

export async function closeLeft(): Promise<void> {
  for (const issuer of left) await issuer.close();
}

/** Box, bank and front. */
export class Issuer {
  readonly standing: Standing;
  readonly places: Places;
  readonly front: Front;
  readonly running: RunningBank;
  readonly id: string;
  box: BoxProcess;
  readonly #closeAll: () => Promise<void>;

  private constructor(
    standing: Standing,
    places: Places,
    parts: { box: BoxProcess; front: Front; running: RunningBank; closeAll: () => Promise<void> },
  ) {
    this.standing = standing;
    this.places = places;
    this.box = parts.box;
    this.front = parts.front;
    this.running = parts.running;
    this.#closeAll = parts.closeAll;
    this.id = parts.running.cddc.cdd.id;
  }

  static async open(standing: Standing, places: Places): Promise<Issuer> {
    const box = await BoxProcess.start(standing, places);
    const boxSocket = socketOf(standing);
    const rails = [testRail, accountRail];
    const running = must(
      await openRunningBank({ folder: places.bank, boxSocket, currency: undefined, rails, clock: Date.now }),
    );
    const sockets = { customers: join(places.bank, 'bank.sock'), tellers: join(places.bank, 'teller.sock') };
    const served = await serveBanks([running], sockets);
    const front = must(await openFront({ boxSocket, bankSocket: sockets.customers, bug: reportBug }));
    const server = must(await serveFront(front, '127.0.0.1', standing.port));
    const closeAll = async () => {
      await server.close();
      front.close();
      await served.close();
      await running.close();
    };
    const issuer = new Issuer(standing, places, { box, front, running, closeAll });
    left.add(issuer);
    return issuer;
  }

  /** Ends the box by a signal, then all else. Gives what the box said on standard error. */
  async close(signal: NodeJS.Signals = 'SIGTERM'): Promise<string> {
    left.delete(this);
    const errors = await this.box.end(signal);
    await this.#closeAll();
    return errors;
  }

  /** Kills the box alone and starts it again on its folder. */
  async killAndRestart(): Promise<void> {
    await this.box.end('SIGKILL');
    this.box = await BoxProcess.start(this.standing, this.places);
  }

  /** An order with the operator's signature. */
  async order(action: Action): Promise<unknown> {
    const order: OperatorOrder = {
      action,
      expires: writeDate(Date.now() + HOUR),
      issuer_id: this.id,
      serial: `1${randomBytes(31).toString('hex')}`,
      type: 'operator order',
    };
    const { publicKey: operator, secret } = this.standing.operator;
    const signatures = [{ operator, signature: signEd25519(secret, canonicalBytes(order)) }];
    return this.front.ask(this.id, {
      type: 'request operate',
      message_reference: 1,
      signed_order: { order, signatures, type: 'signed operator order' },
    });
  }

  /** Orders a backup and gives the path of its file. */
  async backUp(): Promise<string> {
    const folder = join(this.places.box, 'backups');
    must(await this.order({ type: 'backup' }));
    const [newest] = readdirSync(folder).toSorted().toReversed();
    assert.ok(newest !== undefined);
    return join(folder, newest);
  }

  /** The float now: the mint says for a second what it said before. */
  async float(): Promise<number> {
    const now = writeDate(Date.now());
    for (;;) {
      const answer = must(await this.front.ask(this.id, { type: 'request float', message_reference: 1 }));
      assert.equal(answer.type, 'response float');
      const { treasury, float, authorised, time } = answer.signed_statement.statement;
      assert.equal(treasury + float, authorised);
      if (time >= now) return float;
    }
  }

  /** What the bank says has been sold and not come back. */
  async sold(): Promise<number> {
    assert.deepEqual(await this.running.settle(), []);
    return (await this.running.bank.balances()).get('coins') ?? 0;
  }

  async audit(): Promise<Findings> {
    const evidence = must(await gather(must(wayTo(this.standing.url))));
    return must(await audit(evidence, Date.now(), verifyEd25519));
  }

  async events(): Promise<readonly JournalEvent[]> {
    const found: JournalEvent[] = [];
    for (;;) {
      const answer = must(
        await this.front.ask(this.id, { type: 'request journal', message_reference: 1, from: found.length }),
      );
      assert.equal(answer.type, 'response journal');
      found.push(...answer.entries.map(({ entry }) => entry.event));
      if (answer.entries.length === 0) return found;
    }
  }

  /** A wallet that knows the currency. `drops` are the types of messages that never arrive. */
  async wallet(drops: ReadonlySet<string> = new Set()): Promise<Wallet> {
    const wallet = await openWallet({
      store: openMemoryWalletStore(),
      messenger: {
        exchange: (url, message) => {
          const { type } = JSON.parse(new TextDecoder().decode(message)) as { type: string };
          return drops.has(type)
            ? Promise.resolve(new Refusal('unreachable', 'the network is gone'))
            : post(url, message, LIMITS.messageBytes);
        },
        describe: (url) => get(url, LIMITS.messageBytes),
      },
      clock: Date.now,
      randomness: (length) => new Uint8Array(randomBytes(length)),
      verifyEd25519,
    });
    must(await wallet.add(this.standing.url));
    return wallet;
  }
}

export function available(wallet: Wallet): number {
  const [balance] = wallet.balance();
  assert.equal(balance?.reserved ?? 0, 0, 'nothing is underway');
  return balance?.available ?? 0;
}
