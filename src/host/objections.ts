/** Why a host did not do what it was asked: one table. The pages say each in the reader's language. */
import { REFUSALS } from '../base/refusal.ts';
import type { RefusalName, Refusal } from '../base/refusal.ts';

/** HTTP status and what to do next, in English; a name that a Refusal has too stands for it. */
export const OBJECTIONS = {
  'name taken': { status: 409, next: 'Somebody has this name already. Choose another.' },
  'bad name': {
    status: 422,
    next: 'A name has 2 to 40 letters, digits, dots, hyphens or underscores. Choose another.',
  },
  'weak password': {
    status: 422,
    next: 'Choose a password of at least 10 characters that others would not guess.',
  },
  'wrong password': { status: 401, next: 'Name or password is wrong. Try again, or use your twelve words.' },
  'wrong phrase': {
    status: 401,
    next: 'Name and words do not belong together. Check every word and its place.',
  },
  'wrong passkey': {
    status: 401,
    next: 'This passkey does not open this wallet. Use another, or your password.',
  },
  'signed out': { status: 401, next: 'Sign in first.' },
  'too many': { status: 429, next: 'That was too often. Wait a little and try again.' },
  'no such member': {
    status: 404,
    next: 'Nobody on this host has this name. Check it, or send a link instead.',
  },
  'to yourself': { status: 422, next: 'You cannot pay yourself. Choose somebody else.' },
  'bad address': { status: 422, next: 'This is no e-mail address. Check it.' },
  'bad amount': { status: 422, next: 'Type an amount as a number, such as 12 or 1.50.' },
  'no currency': { status: 422, next: 'Choose a currency; add one first if there is none.' },
  'no coins': {
    status: 422,
    next: 'There are no coins in this. Paste the whole link or text, or choose the .oc file.',
  },
  'no drop': {
    status: 404,
    next: 'What this link led to was taken, taken back, or was never here. Ask for it to be sent again.',
  },
  'other host': {
    status: 422,
    next: 'This link belongs to another host. Open it there, or ask for the .oc file.',
  },
  'no letter': { status: 404, next: 'There is no such letter here.' },
  'no invoice': { status: 404, next: 'There is no such request. Ask for its link again.' },
  'not open': { status: 409, next: 'This request was paid or withdrawn before. Nothing was paid.' },
  'other amount': {
    status: 422,
    next: 'These coins are not exactly what is asked for. Make a payment of that amount.',
  },
  'not mailed': {
    status: 502,
    next: 'The e-mail could not be handed over. The coins are safe: send it again, or take them back.',
  },
  'no address': {
    status: 422,
    next: 'Type the name of a member of this host, or paste an address of a wallet of titles.',
  },
  'no such recipient': { status: 404, next: 'Nobody on this host has this name. Check it.' },
  'bad title address': {
    status: 422,
    next: 'This address is incomplete or mistyped. Copy all of it.',
  },
  'other title server': {
    status: 422,
    next: 'This address is for another title server. Ask for one at the server of these titles.',
  },
  'bad title amount': { status: 422, next: 'Type a whole number from 1: titles have no parts.' },
  'bad title number': { status: 422, next: 'Type the number of the title, such as 12.' },
  'no title chosen': { status: 422, next: 'Choose at least one title, or an amount; not both.' },
  'are titles': { status: 422, next: 'These are titles and no coins. Take them as titles.' },
  'not your titles': { status: 409, next: 'These titles belong to somebody else now.' },
  'no titles': {
    status: 422,
    next: 'There are no titles in this. Paste the whole handover, or choose its file.',
  },
  'too few titles': { status: 422, next: 'You do not hold that much. Choose fewer, or a smaller amount.' },
  'no such title': { status: 404, next: 'There is no such title. Check its class and number.' },
  'no title server': {
    status: 422,
    next: 'This wallet does not know the title server of these titles. Add it first.',
  },
  'forged titles': {
    status: 422,
    next: 'A signature is wrong: no title server certified this. Do not accept it.',
  },
  'server away': {
    status: 503,
    next: 'The title server does not answer. Nothing is lost; try again later.',
  },
  'server distrusted': {
    status: 422,
    next: 'This title server contradicts itself or its documents. Do not rely on it; tell who runs it.',
  },
  'not ready': {
    status: 409,
    next: 'Nothing can be brought to this member now: they have to sign in once more. Nothing was given.',
  },
  'not confirmed': { status: 422, next: 'Tick the box to confirm.' },
  'money left': { status: 409, next: 'There is still money in this wallet. Take it away as files first.' },
  'titles left': {
    status: 409,
    next: 'There are titles in this wallet. Keep its twelve words, which bring them back; then confirm.',
  },
  full: { status: 409, next: 'This is full. Remove something first.' },
  unreadable: { status: 400, next: 'This could not be read. Correct the field that is named.' },
  forged: {
    status: 403,
    next: 'This form is too old, or came from another page. Load the page and try again.',
  },
} as const;

export type ObjectionName = keyof typeof OBJECTIONS | RefusalName;

/** Why something was not done. `details` is English, names the field or the limit, and never holds a secret. */
export class Objection {
  readonly name: ObjectionName;
  readonly details: string;

  constructor(name: ObjectionName, details = '') {
    this.name = name;
    this.details = details;
  }

  get status(): number {
    if (isOwn(this.name)) return OBJECTIONS[this.name].status;
    const { code } = REFUSALS[this.name];
    return code < 400 ? 503 : code;
  }

  /** What to do next, in English. */
  get next(): string {
    return isOwn(this.name) ? OBJECTIONS[this.name].next : REFUSALS[this.name].next;
  }
}

function isOwn(name: ObjectionName): name is keyof typeof OBJECTIONS {
  return Object.hasOwn(OBJECTIONS, name);
}

/** Shorthand for `new Objection`. */
export function object(name: ObjectionName, details = ''): Objection {
  return new Objection(name, details);
}

/** What refusals mean where it is about titles. */
const OF_TITLES: Readonly<Partial<Record<RefusalName, ObjectionName>>> = {
  unreachable: 'server away',
  distrusted: 'server distrusted',
  'not enough': 'too few titles',
  unknown: 'no such title',
  'bad signature': 'forged titles',
};

/** A refusal of a wallet of titles, or of their server, passed on. */
export function passTitle({ name, details }: Refusal): Objection {
  return new Objection(OF_TITLES[name] ?? name, details);
}

/** A wallet's or an issuer's refusal, passed on. */
export function passOn(refusal: Refusal): Objection {
  return new Objection(refusal.name, refusal.details);
}
