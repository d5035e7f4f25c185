import { sha256, utf8Encode } from '../kernel';

const base32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Sixteen letters of the text's hash, as kube-proxy names its chains by. */
function hash(text: string): string {
  const bytes = sha256(utf8Encode(text));
  let out = '';
  let bits = 0;
  let count = 0;
  for (let i = 0; out.length < 16; i++) {
    bits = (bits << 8) | (bytes[i] as number);
    for (count += 8; count >= 5 && out.length < 16; count -= 5) out += base32[(bits >> (count - 5)) & 31];
    bits &= (1 << count) - 1;
  }
  return out;
}

const cache = new Map<string, string>();

function cached(text: string): string {
  let name = cache.get(text);
  if (name === undefined) {
    if (cache.size > 10_000) cache.clear();
    cache.set(text, (name = hash(text)));
  }
  return name;
}

/** KUBE-SVC-…, KUBE-SVL-…, KUBE-EXT-…, KUBE-FW-… of a Service port ('namespace/name:port'). */
export const serviceChain = (kind: 'SVC' | 'SVL' | 'EXT' | 'FW', name: string, protocol: string): string => `KUBE-${kind}-${cached(name + protocol.toLowerCase())}`;

/** KUBE-SEP-… of one endpoint ('10.244.0.3:80') of a Service port. */
export const endpointChain = (name: string, protocol: string, endpoint: string): string => `KUBE-SEP-${cached(name + protocol.toLowerCase() + endpoint)}`;
