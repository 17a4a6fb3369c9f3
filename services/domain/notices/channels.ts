/** Ways to a person, and which of them are used as long as the person says nothing. */
import type { Group } from './kind.ts';

export const CHANNELS = ['inbox', 'mail', 'sms', 'wechat'] as const;
export type Channel = (typeof CHANNELS)[number];

/** The inbox shows everything and mail goes to an address that was confirmed; others are asked for. */
export const isOnByDefault = (channel: Channel): boolean => channel === 'inbox' || channel === 'mail';

/** What concerns a person's own safety is shown and mailed, whatever it prefers: a thief would switch it off first. */
export const isFixed = (group: Group, channel: Channel): boolean =>
  group === 'security' && isOnByDefault(channel);

export type Switch = { readonly group: Group; readonly channel: Channel; readonly isOn: boolean };

export const isOn = (switches: readonly Switch[], group: Group, channel: Channel): boolean =>
  isFixed(group, channel) ||
  (switches.find((each) => each.group === group && each.channel === channel)?.isOn ?? isOnByDefault(channel));
