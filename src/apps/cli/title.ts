/** `specie title`: a server of titles, who issues them, who holds them, who checks it all. */
import { misused } from './terminal.ts';
import type { ExitStatus } from './terminal.ts';
import { titleAudit } from './title-audit.ts';
import { titleFront } from './title-front.ts';
import { titleClass, titleIssue, titleKeygen } from './title-issuer.ts';
import { titleServe } from './title-serve.ts';
import { TITLE_WALLET_COMMANDS } from './title-wallet.ts';

type Command = (args: readonly string[]) => ExitStatus | Promise<ExitStatus>;

/** What stands behind `title`: a line for each. */
const COMMANDS: Readonly<Record<string, Command>> = {
  serve: titleServe,
  front: titleFront,
  ...TITLE_WALLET_COMMANDS,
  keygen: titleKeygen,
  class: titleClass,
  issue: titleIssue,
  audit: titleAudit,
};

/** Runs one command about titles. */
export async function title(args: readonly string[]): Promise<ExitStatus> {
  const [name = '', ...rest] = args;
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command !== undefined) return command(rest);
  const wrong = name === '' ? '' : `there is no command ${name} about titles`;
  return misused(`specie title ${Object.keys(COMMANDS).join('|')}`, wrong);
}
