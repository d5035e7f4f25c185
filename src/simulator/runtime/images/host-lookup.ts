import type { Task } from '../../kernel';
import { type IpAddress, isIpAddress } from '../../network';
import type { System } from '../interface';
import { resolveHost } from '../resolver';

/** A name's IPv4 addresses as getaddrinfo gives them; none when it cannot be resolved. */
export function* lookUpHost(system: System, name: string): Task<readonly IpAddress[]> {
  if (isIpAddress(name)) return [name];
  return yield* resolveHost(system, name);
}
