import { hmacSha256, sha256, utf8Decode, utf8Encode } from '../../kernel';
import { base64UrlDecode, base64UrlEncode } from '../request/base64';

/** What a service account's token says (kubernetes.io: Managing Service Accounts). Times are seconds since 1970. */
export interface TokenClaims {
  readonly aud: readonly string[];
  readonly exp?: number;
  readonly iat: number;
  readonly iss: string;
  readonly jti: string;
  readonly 'kubernetes.io': {
    readonly namespace: string;
    readonly node?: { readonly name: string; readonly uid: string };
    readonly pod?: { readonly name: string; readonly uid: string };
    readonly secret?: { readonly name: string; readonly uid: string };
    readonly serviceaccount: { readonly name: string; readonly uid: string };
    readonly warnafter?: number;
  };
  readonly nbf: number;
  readonly sub: string;
}

/** Signs and reads tokens under one key. The signature is an HMAC under the name of the real algorithm: nobody outside can check it. */
export class TokenSigner {
  private readonly hmac: (message: Uint8Array) => Uint8Array;
  private readonly header: string;
  /** The key's name, as tokens and the key set say it. */
  readonly keyId: string;

  constructor(secret = 'service-account-signing-key') {
    const key = sha256(utf8Encode(secret));
    this.hmac = hmacSha256(key);
    this.keyId = base64UrlEncode(sha256(key));
    this.header = base64UrlEncode(utf8Encode(JSON.stringify({ alg: 'RS256', kid: this.keyId })));
  }

  /** What stands in the key set for the RSA modulus. */
  get modulus(): string {
    return this.signature('modulus');
  }

  sign(claims: object): string {
    const text = `${this.header}.${base64UrlEncode(utf8Encode(JSON.stringify(claims)))}`;
    return `${text}.${this.signature(text)}`;
  }

  /** The claims of a token that this signer made; undefined for all others. */
  read(token: string): object | undefined {
    const [header = '', payload = '', signature = '', ...more] = token.split('.');
    if (more.length > 0 || header !== this.header || signature !== this.signature(`${header}.${payload}`)) return undefined;
    const bytes = base64UrlDecode(payload);
    return bytes && (JSON.parse(utf8Decode(bytes)) as object);
  }

  /** As long as an RSA-2048 signature: the HMAC, and seven more blocks of 32 bytes made from it. */
  private signature(text: string): string {
    const out = new Uint8Array(256);
    let block = this.hmac(utf8Encode(text));
    for (let at = 0; at < out.length; at += block.length) {
      out.set(block, at);
      block = sha256(block);
    }
    return base64UrlEncode(out);
  }
}
