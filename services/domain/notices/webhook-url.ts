/** Where a firm may have its systems told: the form of the address. What it leads to is looked at when it is called. */
import type { Text } from '../problems.ts';

/** A last label of digits is how URLs write numbers of machines; colons those of IPv6. */
const isNumber = (host: string): boolean => host.startsWith('[') || /(^|\.)\d+\.?$/.test(host);
const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);
/** Names that no public server has. */
const INNER = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|arpa|test|invalid|onion)\.?$/;

/** What is wrong with it; undefined: nothing. @param isDemo This machine itself may be called, without TLS. */
export function faultOfWebhookUrl(text: string, isDemo: boolean): Text | undefined {
  if (text.length > 500 || !URL.canParse(text)) return { zh: '地址无效', en: 'This is not an address' };
  const { protocol, hostname, username, password, hash } = new URL(text);
  if (username !== '' || password !== '' || hash !== '')
    return { zh: '地址中不能有用户名、密码或“#”', en: 'No user name, password or "#" in the address' };
  if (isDemo && LOOPBACK.has(hostname) && /^https?:$/.test(protocol)) return undefined;
  if (protocol !== 'https:')
    return { zh: '地址须以 https:// 开头', en: 'The address has to begin with https://' };
  if (isNumber(hostname) || INNER.test(hostname) || !hostname.includes('.'))
    return { zh: '地址须为公开的域名', en: 'The address needs a public name' };
  return undefined;
}
