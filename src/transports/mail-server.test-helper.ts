/** For tests only: a little mail server that holds a real conversation (RFC 5321) and keeps what it was told. */
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';

export interface Taken {
  readonly from: string;
  readonly to: readonly string[];
  /** The mail as it came, dots unstuffed. */
  readonly data: string;
}

export class MailServer {
  readonly taken: Taken[] = [];
  /** Every line that a client said outside of mails. */
  readonly said: string[] = [];
  /** What is answered instead, by the command's first word; '' breaks the connection. */
  readonly answers = new Map<string, string>();
  isSilent = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor() {
    this.#server = createServer((socket) => this.#converse(socket));
  }

  static async open(): Promise<MailServer> {
    const server = new MailServer();
    await new Promise<void>((resolve) => server.#server.listen(0, resolve));
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  close(): void {
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #converse(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => this.#sockets.delete(socket));
    if (this.isSilent) return;
    const say = (line: string) => void socket.write(`${line}\r\n`);
    let rest = '';
    let mail: { from: string; to: string[]; data: string[] | undefined } = {
      from: '',
      to: [],
      data: undefined,
    };
    const hear = (line: string) => {
      if (mail.data !== undefined) {
        if (line !== '.') {
          mail.data.push(line.replace(/^\.\./, '.'));
          return;
        }
        const answer = this.answers.get('.');
        if (answer === undefined) this.taken.push({ ...mail, data: mail.data.join('\r\n') });
        mail = { from: '', to: [], data: undefined };
        say(answer ?? '250 taken');
        return;
      }
      this.said.push(line);
      const word = line.split(/[ :]/)[0]?.toUpperCase() ?? '';
      const planted = this.answers.get(word);
      if (planted === '') socket.destroy();
      else if (planted !== undefined) say(planted);
      else if (word === 'EHLO') say('250-mail.test\r\n250-AUTH PLAIN\r\n250 8BITMIME');
      else if (word === 'STARTTLS') say('502 not here');
      else if (word === 'AUTH') say('235 welcome');
      else if (word === 'MAIL') {
        mail.from = line;
        say('250 ok');
      } else if (word === 'RCPT') {
        mail.to.push(line);
        say('250 ok');
      } else if (word === 'DATA') {
        mail.data = [];
        say('354 go on');
      } else if (word === 'QUIT') socket.end('221 bye\r\n');
      else say('250 ok');
    };
    socket.setEncoding('utf8').on('data', (text: string) => {
      const lines = (rest + text).split('\r\n');
      rest = lines.pop() ?? '';
      lines.forEach(hear);
    });
    say('220 mail.test');
  }
}
