/**
 * Where a firm's address may lead: nowhere but to the open internet. A firm names the address, so a server of ours would otherwise fetch for
 * it what only our own network may: machines beside us, the cloud's metadata. The name is looked up once for each connection, every
 * address that comes is looked at, and the connection goes to the very addresses that were looked at: a name that means something else
 * a moment later (DNS rebinding) gains nothing.
 */
import { lookup as resolve, type LookupAddress } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

export class AddressRefused extends Error {}

const closed = new BlockList();
for (const [address, bits] of [
  ['0.0.0.0', 8], // this network
  ['10.0.0.0', 8], // private
  ['100.64.0.0', 10], // carriers' own, some clouds' metadata
  ['127.0.0.0', 8], // loopback
  ['169.254.0.0', 16], // link-local, the clouds' metadata
  ['172.16.0.0', 12], // private
  ['192.0.0.0', 24],
  ['192.0.2.0', 24], // documentation
  ['192.88.99.0', 24], // 6to4 relays
  ['192.168.0.0', 16], // private
  ['198.18.0.0', 15], // benchmarks
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4], // multicast
  ['240.0.0.0', 4], // reserved, broadcast
] as const)
  closed.addSubnet(address, bits, 'ipv4');
/** Of IPv6 what is not global unicast, and of that what carries an IPv4 address or is for papers. */
const open6 = new BlockList();
open6.addSubnet('2000::', 3, 'ipv6');
for (const [address, bits] of [
  ['2001::', 23], // Teredo, ORCHID and others
  ['2001:db8::', 32], // documentation
  ['2002::', 16], // 6to4
  ['3fff::', 20], // documentation
] as const)
  closed.addSubnet(address, bits, 'ipv6');

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** @param isDemo This machine itself may be called. */
export function mayBeCalled(address: string, isDemo: boolean): boolean {
  const version = isIP(address);
  if (version === 0) return false;
  const family = version === 4 ? 'ipv4' : 'ipv6';
  if (isDemo && loopback.check(address, family)) return true;
  return !closed.check(address, family) && (version === 4 || open6.check(address, 'ipv6'));
}

type Resolve = (
  host: string,
  options: { all: true },
  done: (error: NodeJS.ErrnoException | null, found: LookupAddress[]) => void,
) => void;

/** For the options of a connection. One address that is closed closes the name. */
export const guardedLookup =
  (isDemo: boolean, ask: Resolve = resolve): LookupFunction =>
  (host, options, done) => {
    ask(host, { all: true }, (error, found) => {
      if (error !== null) return done(error, '', 0);
      const refused = found.find(({ address }) => !mayBeCalled(address, isDemo));
      if (refused !== undefined || found.length === 0)
        return done(new AddressRefused(`${host} leads to an address that is not called`), '', 0);
      if (options.all === true) return done(null, found);
      done(null, found[0]!.address, found[0]!.family);
    });
  };

/** What is written as a number is never looked up. */
export function requireCallable(hostname: string, isDemo: boolean): void {
  const literal = hostname.replace(/^\[|\]$/g, '');
  if (isIP(literal) !== 0 && !mayBeCalled(literal, isDemo))
    throw new AddressRefused(`${hostname} is an address that is not called`);
}
