/** Where pages may lead, and what their forms may bring along. `:id` stands for 32 hexadecimal digits. */

/** Addresses that links lead to. */
export const GETS: readonly string[] = [
  '/',
  '/signup',
  '/signin',
  '/recover',
  '/inbox',
  '/inbox/:id',
  '/sent',
  '/sent/:id',
  '/sent/:id/note',
  '/sent/:id/coins.oc',
  '/sent/:id/codes',
  '/compose',
  '/receive',
  '/request',
  '/request/:id',
  '/purse',
  '/history',
  '/history.csv',
  '/buy',
  '/redeem',
  '/payout',
  '/currencies',
  '/titles',
  '/titles/give',
  '/titles/receive',
  '/titles/verify',
  '/titles/servers',
  '/sent/:id/handover.title',
  '/settings',
];

/** What every form may bring along. */
const ALWAYS = ['csrf', 'once'];

/** Addresses that forms are posted to, and their fields. */
export const POSTS: Readonly<Record<string, readonly string[]>> = {
  '/signin': ['name', 'password', 'text', 'next'],
  '/signup': ['name', 'password', 'phrase', 'text', 'next'],
  '/recover': ['name', 'phrase', 'password'],
  '/words': ['written', 'text', 'next'],
  '/signout': [],
  '/compose': ['to', 'currency', 'amount', 'subject', 'text'],
  '/inbox/:id/take': [],
  '/inbox/:id/remove': ['confirmed'],
  '/sent/:id/takeback': [],
  '/sent/:id/mail': [],
  '/sent/:id/remove': [],
  '/receive/look': ['text', 'file'],
  '/receive/take': ['text', 'accept'],
  '/receive/file': ['text'],
  '/request': ['currency', 'amount', 'subject'],
  '/request/:id/withdraw': [],
  '/pay/:id': [],
  '/pay/:id/coins': ['text', 'file'],
  '/purse/doubt': ['currency'],
  '/buy': ['currency', 'amount', 'rail', 'voucher'],
  '/redeem': ['currency', 'amount', 'to', 'payee'],
  '/payout': ['currency', 'amount', 'to'],
  '/currencies': ['do', 'url', 'seen', 'accept', 'next'],
  '/titles/give': ['to', 'class', 'how', 'titles', 'amount', 'subject', 'text'],
  '/titles/receive': ['text', 'file'],
  '/titles/address': ['server'],
  '/titles/verify': ['text', 'file', 'class', 'serial'],
  '/titles/servers': ['url', 'confirmed'],
  '/titles/claim': ['class', 'serial', 'secret'],
  '/titles/check': [],
  '/titles/restore': ['url'],
  '/settings/language': ['language'],
  '/settings/password': ['before', 'after', 'tokens'],
  '/settings/words': ['password'],
  '/settings/passkeys': ['credential', 'name', 'password'],
  '/settings/second-factor': ['on', 'password'],
  '/settings/sessions': ['id'],
  '/settings/tokens': ['label', 'password'],
  '/settings/files': [],
  '/settings/close': ['password', 'confirmed'],
};

/** The table's name for an address: its query gone, its id as `:id`. */
export function routeOf(address: string): string {
  const [path = ''] = address.split(/[?#]/);
  return path.replace(/\/[0-9a-f]{32}(?=\/|$)/, '/:id');
}

export function mayBring(route: string, field: string): boolean {
  return ALWAYS.includes(field) || (POSTS[route]?.includes(field) ?? false);
}
