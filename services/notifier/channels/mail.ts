/** E-mail: plain text with a simple HTML form beside it. Nothing is read from files or addresses that a text names. */
import { createTransport } from 'nodemailer';
import { Undeliverable, type Message, type PersonChannel } from './channel.ts';

export type MailConfig = {
  /** smtp://user:password@host:port, or smtps://. */
  readonly smtpUrl: string;
  /** As it stands in the header: `Tallystick <notices@example.com>`. */
  readonly from: string;
};

const WAIT_MS = 10_000;

const FOOT = {
  zh: '你可以选择接收哪些通知：',
  en: 'Choose what you are told: ',
} as const;

export function mailChannel({ smtpUrl, from }: MailConfig): PersonChannel {
  const transport = createTransport(
    {
      url: smtpUrl,
      pool: true,
      maxConnections: 2,
      connectionTimeout: WAIT_MS,
      greetingTimeout: WAIT_MS,
      socketTimeout: WAIT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    },
    { from },
  );
  const host = /@([^>\s]+)>?\s*$/.exec(from)?.[1] ?? 'localhost';
  return {
    name: 'mail',
    addressOf: ({ email, isVerified }) => (isVerified ? (email ?? undefined) : undefined),
    send: async (message) => {
      await transport
        .sendMail({
          to: { name: '', address: message.address },
          subject: message.subject,
          messageId: `<${message.id}@${host}>`,
          text: textOf(message),
          html: htmlOf(message),
          headers: {
            'List-Unsubscribe': `<${message.preferences}>`,
            'Auto-Submitted': 'auto-generated',
            'Content-Language': message.language,
          },
        })
        .catch((error: unknown) => {
          throw isForGood(error) ? new Undeliverable((error as Error).message) : error;
        });
    },
    close: async () => transport.close(),
  };
}

/** The server does not take this message (5xx to recipient or content); a refused sign-in is ours to mend. */
const isForGood = (error: unknown): boolean => {
  const { responseCode = 0, code = '' } = error as { responseCode?: number; code?: string };
  return responseCode >= 500 && responseCode < 600 && code !== 'EAUTH';
};

function textOf({ items, language, preferences }: Message): string {
  const lines = items.map(({ title, detail, link }) => [
    title,
    ...(detail === undefined ? [] : [detail]),
    link,
  ]);
  return [...lines.map((each) => each.join('\n')), `${FOOT[language]}${preferences}`].join('\n\n') + '\n';
}

function htmlOf({ items, language, preferences }: Message): string {
  const parts = items.map(
    ({ title, detail, link }) =>
      `<p><a href="${escaped(link)}">${escaped(title)}</a>${detail === undefined ? '' : `<br>${escaped(detail)}`}</p>`,
  );
  return `<!doctype html><html lang="${language}"><body style="font-family:sans-serif">${parts.join('')}<hr><p style="color:#666;font-size:smaller"><a href="${escaped(preferences)}">${escaped(FOOT[language].replace(/[：:]\s*$/, ''))}</a></p></body></html>`;
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
