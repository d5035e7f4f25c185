import { expect, test } from 'vitest';
import { DerError, parseSigningRequest, type PemBlock, pemBlocks } from '.';

// openssl req -new -key ed25519 -subj /CN=jane
const text = `-----BEGIN CERTIFICATE REQUEST-----
MIGOMEICAQAwDzENMAsGA1UEAwwEamFuZTAqMAUGAytlcAMhADsGPRy2pew+W50r
SUBlAkbT2JcejZwB9Lqsjb07gfz5oAAwBQYDK2VwA0EAZPMIXAy6ZzUrRtPwQJcB
Ix8SMG0iYWamyGr6QRFGEhGHwWeNqxoLI6bmvYHeWeQqCbJ7GlY+4tmSBu3/gDaS
DA==
-----END CERTIFICATE REQUEST-----
`;
const [block] = pemBlocks(text) as readonly [PemBlock];

test('a PEM text is found whatever stands around it, and without it when it is broken', () => {
  expect(block.type).toBe('CERTIFICATE REQUEST');
  for (const one of [`${text}x`, `x\n${text}`, text.replaceAll('\n', '\r\n'), text.replace('-----\n', '-----\nProc-Type: 4\n\n'), `\n\n${text}`]) expect(pemBlocks(one)).toMatchObject([{ type: block.type, bytes: block.bytes }]);
  for (const one of ['', `x ${text}`, text.replaceAll('\n', ''), text.slice(0, -30), text.replace('MI', 'M!')]) expect(pemBlocks(one)).toEqual([]);
});

test('the names of a request', () => {
  expect(parseSigningRequest(block.bytes).subject).toEqual([{ type: '2.5.4.3', value: 'jane' }]);
});

test('what is no request is a DerError, never another', () => {
  for (let at = 0; at < block.bytes.length; at++) {
    const changed = block.bytes.slice();
    changed[at] = 0xff;
    try {
      parseSigningRequest(changed);
    } catch (error) {
      expect(error).toBeInstanceOf(DerError);
    }
  }
  for (let length = 0; length < block.bytes.length; length++) expect(() => parseSigningRequest(block.bytes.subarray(0, length))).toThrow(DerError);
});
