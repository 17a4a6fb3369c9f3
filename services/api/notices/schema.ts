/** Notices: the inbox, what a person wants told where, its address, and the systems of a firm. */
import { Type } from 'typebox';
import { CHANNELS } from '#domain/notices/channels.ts';
import { FIRM_KINDS, GROUP_NAMES } from '#domain/notices/notices.ts';
import { route } from '../access/route.ts';
import {
  idempotencyHeader,
  Instant,
  NoBody,
  NoContent,
  Nullable,
  PageOf,
  pageQuery,
  Params,
  Query,
  strict,
  Text,
  Uuid,
  withProblems,
} from '../schemas/common.ts';

const Group = Type.Enum([...GROUP_NAMES], { title: 'NoticeGroup' });
const Kind = Type.Enum([...FIRM_KINDS], { title: 'NoticeKind' });
const Channel = Type.Enum([...CHANNELS], { title: 'NoticeChannel' });

const NoticeView = Type.Object(
  {
    id: Uuid,
    kind: Type.String({ description: 'More may come' }),
    group: Group,
    member: Nullable(Type.Integer({ description: 'null: told to the person, or to the platform' })),
    isPersonal: Type.Boolean(),
    at: Instant,
    title: Text,
    text: Text,
    path: Type.String({ description: 'Where the web app shows what it is about' }),
    isRead: Type.Boolean(),
    isRetracted: Type.Boolean({ description: 'Its block was rolled back: it did not happen' }),
  },
  { ...strict, title: 'Notice' },
);

const Preferences = Type.Object(
  {
    email: Nullable(Type.String()),
    isEmailVerified: Type.Boolean(),
    mailDetails: Type.Boolean({ description: 'Names and amounts in mails, which others may read' }),
    channels: Type.Array(Channel),
    groups: Type.Array(
      Type.Object(
        {
          group: Group,
          title: Text,
          switches: Type.Array(
            Type.Object(
              {
                channel: Channel,
                isOn: Type.Boolean(),
                isFixed: Type.Boolean({ description: 'Cannot be switched off' }),
              },
              strict,
            ),
          ),
        },
        strict,
      ),
    ),
  },
  { ...strict, title: 'Preferences' },
);

const WebhookUrl = Type.String({
  minLength: 8,
  maxLength: 500,
  examples: ['https://erp.example.com/tallystick'],
});
const Kinds = Type.Array(Kind, { maxItems: 60, uniqueItems: true, description: 'None: all' });
const WebhookView = Type.Object(
  {
    id: Uuid,
    url: Type.String(),
    kinds: Type.Array(Type.String()),
    createdAt: Instant,
    disabledAt: Nullable(Instant),
    disabledWhy: Nullable(Type.String({ description: 'owner, failing (for three days), gone (it said so)' })),
    oldSecretUntil: Nullable(Instant),
    pausedUntil: Nullable(Instant),
  },
  { ...strict, title: 'Webhook' },
);
const WebhookMade = Type.Object(
  { secret: Type.String({ description: 'Shown once' }), webhook: WebhookView },
  { ...strict, title: 'WebhookMade' },
);
const Delivery = Type.Object(
  {
    id: Uuid,
    notice: Type.String({ description: 'webhook-id of the call' }),
    kind: Type.String(),
    state: Type.Enum(['waiting', 'sent', 'failed', 'dropped'], { title: 'DeliveryState' }),
    attempts: Type.Integer(),
    createdAt: Instant,
    nextAt: Nullable(Instant),
    sentAt: Nullable(Instant),
    status: Nullable(Type.Integer()),
    error: Nullable(Type.String()),
  },
  { ...strict, title: 'Delivery' },
);

const notices = { tags: ['notices'] };
const administers = { right: 'administer', isFresh: true } as const;

export const noticeRoutes = {
  listNotices: route('GET', '/api/notices', 'known', {
    summary: 'What was told to me and to the seat that I have taken, newest first',
    ...notices,
    querystring: Query({ ...pageQuery, unread: Type.Optional(Type.Boolean()) }),
    response: withProblems({ 200: PageOf(NoticeView) }),
  }),
  countNotices: route('GET', '/api/notices/unread', 'known', {
    summary: 'How many of them I have not read, counted to a hundred',
    ...notices,
    response: withProblems({ 200: Type.Object({ unread: Type.Integer() }, strict) }),
  }),
  getNotice: route('GET', '/api/notices/:id', 'known', {
    summary: 'One of them, through whichever of my seats',
    ...notices,
    params: Params({ id: Uuid }),
    response: withProblems({ 200: NoticeView }),
  }),
  readNotices: route('POST', '/api/notices/read', 'known', {
    summary: 'Mark as read: these, or all',
    ...notices,
    body: Type.Object(
      { ids: Type.Optional(Type.Array(Uuid, { minItems: 1, maxItems: 200 })) },
      { ...strict, description: 'ids left out: all' },
    ),
    response: withProblems({ 204: NoContent }),
  }),
  getPreferences: route('GET', '/api/preferences', 'people', {
    summary: 'What I am told where, for the seat that I have taken',
    ...notices,
    response: withProblems({ 200: Preferences }),
  }),
  changePreferences: route('PATCH', '/api/preferences', 'people', {
    summary: 'Switch on and off',
    ...notices,
    body: Type.Object(
      {
        mailDetails: Type.Optional(Type.Boolean()),
        switches: Type.Optional(
          Type.Array(Type.Object({ group: Group, channel: Channel, isOn: Type.Boolean() }, strict), {
            maxItems: 50,
          }),
        ),
      },
      { ...strict, minProperties: 1 },
    ),
    response: withProblems({ 200: Preferences }),
  }),
  askForEmailProof: route(
    'POST',
    '/api/me/email/proof',
    'people',
    {
      summary: 'Send the mail again that confirms my address',
      ...notices,
      body: NoBody,
      response: withProblems({ 204: NoContent }),
    },
    { perMinute: 30 },
  ),
  proveEmail: route(
    'POST',
    '/api/email/prove',
    'everybody',
    {
      summary: 'Confirm an address by the link that was sent to it',
      ...notices,
      body: Type.Object({ secret: Type.String({ pattern: '^[\\w-]{43}$' }) }, strict),
      response: withProblems({ 204: NoContent }),
    },
    { perMinute: 30 },
  ),
  listWebhooks: route(
    'GET',
    '/api/webhooks',
    'members',
    {
      summary: "Addresses of the firm's systems",
      ...notices,
      response: withProblems({
        200: Type.Object({ items: Type.Array(WebhookView), kinds: Type.Array(Kind) }, strict),
      }),
    },
    { right: 'administer' },
  ),
  makeWebhook: route(
    'POST',
    '/api/webhooks',
    'members',
    {
      summary: 'Have a system told: https, signed in the manner of Standard Webhooks',
      description:
        'Headers webhook-id (the same at each try), webhook-timestamp, webhook-signature: v1 and the HMAC-SHA256 of ' +
        '`id.timestamp.body` in base64. Refuse what is older than five minutes, and ids that came before.',
      ...notices,
      headers: idempotencyHeader,
      body: Type.Object({ url: WebhookUrl, kinds: Kinds }, { ...strict, title: 'WebhookInput' }),
      response: withProblems({ 201: WebhookMade }),
    },
    administers,
  ),
  changeWebhook: route(
    'PATCH',
    '/api/webhooks/:id',
    'members',
    {
      summary: 'Another address, other kinds, on or off',
      ...notices,
      params: Params({ id: Uuid }),
      body: Type.Object(
        { url: Type.Optional(WebhookUrl), kinds: Type.Optional(Kinds), isOn: Type.Optional(Type.Boolean()) },
        { ...strict, minProperties: 1 },
      ),
      response: withProblems({ 200: WebhookView }),
    },
    administers,
  ),
  deleteWebhook: route(
    'DELETE',
    '/api/webhooks/:id',
    'members',
    {
      summary: 'Forget it, with the log of what was sent there',
      ...notices,
      params: Params({ id: Uuid }),
      response: withProblems({ 204: NoContent }),
    },
    administers,
  ),
  rotateWebhook: route(
    'POST',
    '/api/webhooks/:id/secret',
    'members',
    {
      summary: 'A new secret; the old one signs beside it for a day',
      ...notices,
      params: Params({ id: Uuid }),
      body: NoBody,
      response: withProblems({ 200: WebhookMade }),
    },
    administers,
  ),
  testWebhook: route(
    'POST',
    '/api/webhooks/:id/test',
    'members',
    {
      summary: 'Send something to see whether it works',
      ...notices,
      params: Params({ id: Uuid }),
      body: NoBody,
      response: withProblems({ 204: NoContent }),
    },
    { right: 'administer', perMinute: 20 },
  ),
  listDeliveries: route(
    'GET',
    '/api/webhooks/:id/deliveries',
    'members',
    {
      summary: 'What was sent there and how it ended, newest first',
      ...notices,
      params: Params({ id: Uuid }),
      querystring: Query(pageQuery),
      response: withProblems({ 200: PageOf(Delivery) }),
    },
    { right: 'administer' },
  ),
};
