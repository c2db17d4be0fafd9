/** What `specie title` says of its commands: who uses which, how they begin, what they do. */

type Line = readonly [syntax: string, about: string];

const GROUPS: readonly (readonly [string, readonly Line[]])[] = [
  [
    'Who runs a server',
    [
      ['serve {--issuer KEY | --anybody}', 'a server that certifies who holds which title'],
      ['front --box SOCKET', 'one more front before a server that runs'],
    ],
  ],
  [
    'Who issues titles',
    [
      ['keygen FILE', 'the key that signs what is issued'],
      ['class --key FILE --server URL …', 'a kind of title, in words that never change'],
      ['issue --key FILE --server URL CLASS …', 'titles of a class, for somebody or for the pool'],
    ],
  ],
  [
    'Who holds titles',
    [
      ['add URL', 'know a title server'],
      ['address [SERVER]', 'what you give to whoever is to send you titles'],
      ['titles', 'what you hold'],
      ['show [CLASS SERIAL | FILE.title]', 'who holds a title, as its server proves'],
      ['classes', 'which kinds of titles your servers have'],
      ['pay CLASS AMOUNT --to ADDRESS', 'titles worth that much, with change'],
      ['transfer CLASS SERIAL… --to ADDRESS', 'titles by their numbers; 3-7 are five'],
      ['receive FILE.title', 'titles that somebody handed over'],
      ['handover NUMBER', 'once more the file of a transfer in the history'],
      ['split CLASS SERIAL… --into 1,1,2', 'titles for others of the same worth'],
      ['pool CLASS [SERIAL…]', 'what there is for change; with numbers, more of it'],
      ['secret -o FILE', 'a secret, and its hash for transfer --if'],
      ['claim CLASS SERIAL', 'a title that a condition binds'],
      ['check', 'ask the servers whether all is as your wallet has it'],
      ['history', 'what was done'],
      ['restore URL', 'what is yours at a server, out of its log'],
    ],
  ],
  ['Anybody', [['audit URL', 'check all that a title server says in public']]],
];

const COLUMN = 40;

/** One line for each command. */
export function titleHelp(): string {
  const groups = GROUPS.map(([who, lines]) =>
    [`${who}:`, ...lines.map(([syntax, about]) => `  ${syntax.padEnd(COLUMN)} ${about}`)].join('\n'),
  );
  return [
    'specie title COMMAND: numbered rights, each held by a pseudonym.',
    ...groups,
    'specie title COMMAND --help says all that one takes. --data DIR says where a wallet is (data/wallet).',
  ].join('\n');
}
