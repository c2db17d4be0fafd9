/** E-mails that carry payments: handed to a mail server, or laid into a folder. Their text and coins are in no error. */
import { randomBytes } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { SECOND } from '../base/dates.ts';
import { Refusal, refuse } from '../base/refusal.ts';
import type { Mail, Postman } from '../host/ports.ts';
import { encode } from '../protocol/codec.ts';

const TIMEOUT = 20 * SECOND;
/** A mail's id: it names a file. */
const ID = /^[\w-]{1,100}$/;
/** This very machine: what goes there crosses no network. */
const OWN_MACHINE = new Set(['localhost', '127.0.0.1', '[::1]']);

/**
 * Hands mails to the mail server at `smtp://` or `smtps://` with `user:password@` where it wants them. The connection is
 * encrypted, unless the server is on this machine or the URL says `?requireTLS=false`. `from` is the sender's address,
 * `Name <name@host>` too. Refuses a URL or a sender that is none ('malformed'), without repeating the URL.
 */
export function smtpPostman(url: string, from: string, timeout = TIMEOUT): Postman | Refusal {
  const sender = senderIn(from);
  if (sender instanceof Refusal) return sender;
  const server = URL.canParse(url) ? new URL(url) : undefined;
  if (server === undefined || !['smtp:', 'smtps:'].includes(server.protocol) || server.hostname === '')
    return refuse('malformed', 'the address of a mail server begins with smtp:// or smtps://');
  const transport = createTransport({
    url,
    requireTLS: !OWN_MACHINE.has(server.hostname),
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    dnsTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (mail) => {
      const written = compose(mail, sender);
      if (written instanceof Refusal) return written;
      try {
        // The time-outs above are each for a silence; this is for a server that is slow all the time.
        await transport.sendMail({ ...written, signal: AbortSignal.timeout(2 * timeout) });
        return undefined;
      } catch (error) {
        return mailRefusal(error);
      }
    },
    // Handed over, a mail is the server's.
    forget: async () => undefined,
  };
}

/**
 * Lays mails into a folder as `<id>.eml`, readable by their owner only, for whoever delivers them from there. Durable when
 * it resolves; a mail that is sent again replaces itself, and one that is forgotten is removed.
 */
export function folderPostman(folder: string, from: string): Postman | Refusal {
  const sender = senderIn(from);
  if (sender instanceof Refusal) return sender;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const transport = createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    send: async (mail) => {
      const written = compose(mail, sender);
      if (written instanceof Refusal) return written;
      const { message } = await transport.sendMail(written);
      if (!Buffer.isBuffer(message)) throw new Error('the mail was to be written into memory');
      return layInto(folder, nameOf(mail.id), message);
    },
    forget: async (id) => {
      await rm(join(folder, nameOf(id)), { force: true });
      await syncFolder(folder);
    },
  };
}

async function layInto(folder: string, name: string, bytes: Uint8Array): Promise<Refusal | undefined> {
  const draft = join(folder, `.${name}.${randomBytes(6).toString('hex')}`);
  try {
    await writeDurably(draft, bytes, join(folder, name));
    await syncFolder(folder);
    return undefined;
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    return refuse('unreachable', `the folder for mails cannot be written (${code})`);
  }
}

async function writeDurably(draft: string, bytes: Uint8Array, path: string): Promise<void> {
  const file = await open(draft, 'wx', 0o600);
  try {
    await file.writeFile(bytes);
    await file.sync();
    await rename(draft, path);
  } catch (error) {
    await rm(draft);
    throw error;
  } finally {
    await file.close();
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

interface Sender {
  readonly name: string;
  readonly address: string;
}

/** One address and nothing beside it: no second one, no name, no comment, no line break. */
const ADDRESS = /^[^\s@<>()[\]\\,;:"\p{C}]+@[\p{L}\p{N}](?:[\p{L}\p{N}.-]*[\p{L}\p{N}])?$/u;
/** RFC 5321, 4.5.3.1. */
const ADDRESS_LENGTH = 254;

function isAddress(text: string): boolean {
  return text.length <= ADDRESS_LENGTH && ADDRESS.test(text);
}

function senderIn(from: string): Sender | Refusal {
  const [, name = '', within] = /^([^<>]*)<([^<>]*)>$/.exec(from.trim()) ?? [];
  const address = (within ?? from).trim();
  return isAddress(address)
    ? { name: oneLine(name).replaceAll('"', '').trim(), address }
    : refuse('malformed', 'the sender of mails is an e-mail address');
}

/** A mail's file. Throws for an id that is not ours. */
function nameOf(id: string): string {
  if (!ID.test(id)) throw new Error("a mail's id has letters, digits and hyphens");
  return `${id}.eml`;
}

/** The mail as it is handed over; refuses what is no address. Throws for an id that is not ours. */
function compose(mail: Mail, from: Sender) {
  if (!ID.test(mail.id)) throw new Error("a mail's id has letters, digits and hyphens");
  if (!isAddress(mail.to)) return refuse('not possible', 'to: this is no e-mail address');
  return {
    from: { ...from },
    to: { name: '', address: mail.to },
    envelope: { from: from.address, to: [mail.to] },
    subject: oneLine(mail.subject),
    text: mail.text,
    messageId: `<${mail.id}@${from.address.replace(/^.*@/, '')}>`,
    // So that no holiday's notice is sent back (RFC 3834).
    headers: { 'Auto-Submitted': 'auto-generated' },
    xMailer: false as const,
    attachments: [
      {
        filename: oneLine(mail.fileName).replace(/[/\\]/g, '-'),
        content: Buffer.from(encode(mail.stack)),
        contentType: 'application/json',
      },
    ],
  };
}

/** What goes into a header: control characters, line breaks of all kinds among them, are spaces there. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
}

/** Why a server did not take a mail, by nodemailer's codes; what servers say beside it may repeat what they were told. */
const REASONS: Readonly<Record<string, string>> = {
  EABORT: 'takes too long',
  ETIMEDOUT: 'does not answer in time',
  EDNS: 'is not found',
  ETLS: 'offers no encryption that can be relied on',
  EAUTH: "does not accept this host's name and password",
  ENOAUTH: "does not accept this host's name and password",
  EENVELOPE: 'does not take mail for this address',
  EMESSAGE: 'does not take this mail',
};

/** It names no server: members read it. */
function mailRefusal(error: unknown): Refusal {
  const code = codeOf(error);
  if (code === undefined) throw error;
  const { responseCode = 0 } = error as { readonly responseCode?: number };
  const answered = responseCode === 0 ? '' : ` (${responseCode})`;
  const isFinal = responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  const reason = REASONS[code] ?? 'cannot be reached';
  return refuse(isFinal ? 'not possible' : 'unreachable', `the mail server ${reason}${answered}`);
}

/** The code of an error of nodemailer's or the operating system's; Node's own for bugs begin with ERR_. */
function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}
