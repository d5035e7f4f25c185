/** Bytes padded to whole 64-byte blocks with their length in bits, big-endian. */
export function padBlocks(bytes: Uint8Array, littleEndian = false): DataView {
  const total = Math.ceil((bytes.length + 9) / 64) * 64;
  const padded = new Uint8Array(total);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  const high = Math.floor(bytes.length / 536_870_912);
  const low = (bytes.length * 8) >>> 0;
  view.setUint32(total - 8, littleEndian ? low : high, littleEndian);
  view.setUint32(total - 4, littleEndian ? high : low, littleEndian);
  return view;
}

/** 32-bit words as lower-case hexadecimal digits. */
export const hexOf = (words: Uint32Array): string => [...words].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
