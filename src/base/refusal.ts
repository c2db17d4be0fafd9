/**
 * The one table of refusals. A refusal is a value, never thrown: it tells a person or a program what to do
 * next. 3xx is temporary, 4xx permanent. Bugs throw; only they do.
 */
export const REFUSALS = {
  unpaid: {
    code: 300,
    next: 'Not paid yet. Pay the order, then resume with the same transaction reference.',
  },
  busy: { code: 301, next: 'Busy. Send the same request again in a moment.' },
  'switched off': { code: 302, next: 'The mint is switched off. Send the same request again later.' },
  unreachable: {
    code: 303,
    next: 'Check the connection and try again; nothing is lost.',
  },
  malformed: { code: 400, next: 'The message cannot be read. Correct the field named in the details.' },
  unauthorised: {
    code: 401,
    next: 'Not allowed. The signature or the limit named in the details does not permit this.',
  },
  'treasury exhausted': {
    code: 402,
    next: 'The mint may not issue more now. Send the same request again when its operators have raised the treasury.',
  },
  unknown: { code: 404, next: 'Not known here. Check the currency and the reference named in the details.' },
  'already spent': {
    code: 409,
    next: 'A coin was spent before. Ask whoever gave it to you for another payment.',
  },
  'reference reused': {
    code: 409,
    next: 'This transaction reference belongs to another request. Use a fresh one.',
  },
  'first round over': {
    code: 409,
    next: 'The first round was not opened, or is over. Ask for it again, with fresh blinds.',
  },
  'outdated proof': {
    code: 409,
    next: 'The title has changed hands since, or the class has a newer version. Ask the server for it.',
  },
  'empty pool': {
    code: 409,
    next: 'The server has not the change. Pay with other titles, or ask who runs the server to fill the pool.',
  },
  expired: { code: 410, next: 'Too late. Ask for the current mint keys, or place a new order.' },
  'too large': { code: 413, next: 'Too large. Split the request; the limit is in the details.' },
  unbalanced: { code: 422, next: 'The sums differ. What goes in must equal what comes out.' },
  'bad signature': {
    code: 422,
    next: 'A signature does not verify. Do not accept this; ask for it to be sent again.',
  },
  'not enough': { code: 422, next: 'Buy more, or use a smaller amount.' },
  distrusted: {
    code: 422,
    next: 'This currency breaks a rule that protects you. Do not use it; tell its issuer.',
  },
  'not possible': { code: 422, next: 'This cannot be done as things stand; the details say why.' },
} as const;

export type RefusalName = keyof typeof REFUSALS;

/** Why something was not done. `details` names the field, the coin or the limit, and never holds a secret. */
export class Refusal {
  readonly name: RefusalName;
  readonly details: string;

  constructor(name: RefusalName, details: string) {
    this.name = name;
    this.details = details;
  }

  /** The protocol's `status_code`. */
  get code(): number {
    return REFUSALS[this.name].code;
  }

  /** The protocol's `status_description`: what to do next. */
  get next(): string {
    return REFUSALS[this.name].next;
  }

  /** Whether the same request may succeed later. */
  get temporary(): boolean {
    return this.code < 400;
  }

  /** One line for a person. */
  toString(): string {
    return `${this.details}. ${this.next}`;
  }
}

/** A name from outside as details may carry it: cut short, and nothing in it but printable ASCII. */
export function outsideName(name: string): string {
  return name.slice(0, 80).replace(/[^ -~]/g, '?');
}

/** Shorthand for `new Refusal`. */
export function refuse(name: RefusalName, details: string): Refusal {
  return new Refusal(name, details);
}
