import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import type { TestContext } from 'node:test';
import { listen } from '../../servers.ts';

/** Mails as they were sent: their headers, and their bodies as MIME. */
export interface Mailbox {
  readonly address: string;
  readonly mails: readonly string[];
}

/** Accepts every mail until the test is over, as a server without TLS and users does (RFC 5321). */
export async function startMailbox(t: TestContext): Promise<Mailbox> {
  const mails: string[] = [];
  const server = createServer(async (socket) => {
    socket.write('220 mailbox.example.com\r\n');
    let mail: string[] | undefined;
    for await (const line of createInterface({ input: socket, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (mail === undefined) {
        mail = line === 'DATA' ? [] : undefined;
        socket.write(line === 'DATA' ? '354 go on\r\n' : line === 'QUIT' ? '221 bye\r\n' : '250 ok\r\n');
      } else if (line === '.') {
        mails.push(mail.join('\n'));
        mail = undefined;
        socket.write('250 ok\r\n');
      } else {
        mail.push(line.replace(/^\./, ''));
      }
    }
  });
  return { address: await listen(t, server), mails };
}

/** A header or a part in quoted-printable, as it reads (RFC 2045, 2047). */
export function unquoted(text: string): string {
  const bytes = text
    .replaceAll(/=\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
