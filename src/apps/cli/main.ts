import { refuse } from '../../base/refusal.ts';
import { clearProgress, complain, misused, say } from './terminal.ts';
import type { ExitStatus } from './terminal.ts';

const HELP = `Specie: electronic cash.

  specie start [--data DIR] [--port N] [--wallet-port N]
                                             an issuer with a demo currency for each suite, titles, and wallets in the browser
  specie verify FILE...                      check documents, coins and stacks
  specie audit URL                           check a whole currency from the outside
  specie double-payments URL                 coins that were paid twice offline, and by which accounts
  specie wallet [--data DIR] COMMAND         a wallet:
    add URL [--unblinded]                      know a currency; where its suite allows it, without blinding
    buy AMOUNT [--rail RAIL]                   order, pay, mint: on the rail test, manual, voucher or account
    balance [--json]                           what the purse holds
    send AMOUNT [--subject TEXT] -o FILE.oc    coins into a file, to hand to anyone; with --to PAYEE to one payee alone
    receive FILE.oc [--offline]                coins out of a file, made yours; without a network where they may be taken so
    payee [CURRENCY]                           what you are paid under where there is no network
    takeback FILE.oc                           coins you sent and nobody took; a number from the history does too
    redeem AMOUNT [--to ACCOUNT]               coins back to the issuer
    history                                    what was done
    phrase                                     the twelve words that restore this wallet
    restore [URL...]                           a wallet from its twelve words (standard input)
    clear-doubt [CURRENCY]                     coins that it brought back, once you know that nobody else has them
    account [URL]                              your account at the issuer's bank
    payout AMOUNT --to TEXT                    money out of that account
  specie wallet-host --issuer URL...         wallets for many people, in their browsers
  specie title COMMAND                       titles, numbered rights that pseudonyms hold:
    serve --issuer KEY                         a server that certifies who holds which
    keygen FILE, class, issue                  what an issuer of titles does
    add URL, address, titles, show             a wallet of titles, beside the one of coins
    pay CLASS AMOUNT --to ADDRESS              titles worth that much, with change; transfer, split, receive
    audit URL                                  check a whole title server from the outside
    help                                       all of its commands; COMMAND --help says what one takes
  specie operator COMMAND                    orders to a mint: keygen, order, sign, submit, pending, show
  specie box, specie bank, specie issuer     the three parts of an issuer, each by itself
  specie bank COMMAND                        its tellers: orders, vouchers, payouts, balances, registrations, approve, who
  specie box policy, specie box founding     what a currency begins with: its people and rules, and all the rest
  specie box restore, specie box relock      a box back from its backups; another passphrase or key file for it
With several currencies, --currency NAME says which is meant. docs/operating leads to a currency of your own.`;

type Command = (args: readonly string[]) => ExitStatus | Promise<ExitStatus>;

/** Each reads its own code alone: to send a coin takes no wallet host. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  start: async () => (await import('./start/start.ts')).start,
  box: async () => (await import('./box/box.ts')).box,
  bank: async () => (await import('./bank/bank.ts')).bank,
  issuer: async () => (await import('./issuer.ts')).issuer,
  operator: async () => (await import('./operator/operator.ts')).operator,
  audit: async () => (await import('./audit/audit.ts')).audit,
  verify: async () => (await import('./verify.ts')).verify,
  wallet: async () => (await import('./wallet/wallet.ts')).wallet,
  title: async () => (await import('./title/title.ts')).title,
  'wallet-host': async () => (await import('./wallet-host.ts')).walletHost,
  'double-payments': async () => (await import('./audit/double-payments.ts')).doublePayments,
  help: async () => help,
};

function help(): ExitStatus {
  say(HELP);
  return 0;
}

/** Runs one command. Whatever a person typed wrongly is answered by one sentence and a status that is not 0. */
export async function main(args: readonly string[]): Promise<ExitStatus> {
  const [word = 'help', ...rest] = args;
  const asksHelp = args.some((arg) => arg === '--help' || arg === '-h');
  const name = asksHelp && word !== 'title' ? 'help' : word;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return (await command())(rest);
  return misused(`specie ${Object.keys(COMMANDS).join('|')}`, `there is no command ${name}`);
}

process.stdout.on('error', (error: { readonly code?: string }) => {
  // Whoever read along has gone, as `| head` does; the work goes on.
  if (error.code === 'EPIPE') return;
  process.exit(complain(refuse('not possible', `the output cannot be written (${error.code})`)));
});

process.exitCode = await main(process.argv.slice(2));
clearProgress();
