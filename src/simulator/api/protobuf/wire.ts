/** Why bytes are no message, in the words of the server's decoder. */
export class ProtobufError extends Error {
  override readonly name = 'ProtobufError';
}

/** Grows as it is written to. */
export class Writer {
  private bytes = new Uint8Array(256);
  private length = 0;

  private room(count: number): void {
    if (this.length + count <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(this.bytes.length * 2, this.length + count));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  varint(value: number | bigint): void {
    this.room(10);
    if (typeof value === 'number' && value >= 0 && value < 0x80) {
      this.bytes[this.length++] = value;
      return;
    }
    let rest = BigInt.asUintN(64, BigInt(value));
    while (rest >= 0x80n) {
      this.bytes[this.length++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.bytes[this.length++] = Number(rest);
  }

  tag(field: number, wire: number): void {
    this.varint(field * 8 + wire);
  }

  raw(bytes: Uint8Array): void {
    this.room(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  /** A length-delimited field. */
  bytesField(field: number, bytes: Uint8Array): void {
    this.tag(field, 2);
    this.varint(bytes.length);
    this.raw(bytes);
  }

  double(field: number, value: number): void {
    const buffer = new Uint8Array(8);
    new DataView(buffer.buffer).setFloat64(0, value, true);
    this.tag(field, 1);
    this.raw(buffer);
  }

  finish(): Uint8Array {
    return this.bytes.slice(0, this.length);
  }
}

/** Reads one message. */
export class Reader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  get done(): boolean {
    return this.at >= this.bytes.length;
  }

  varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      if (shift >= 64n) throw new ProtobufError('proto: integer overflow');
      const byte = this.bytes[this.at++];
      if (byte === undefined) throw new ProtobufError('unexpected EOF');
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
  }

  /** A signed number; 32-bit ones are sign-extended on the wire. */
  integer(): number {
    return Number(BigInt.asIntN(64, this.varint()));
  }

  tag(): { field: number; wire: number } {
    const tag = Number(this.varint());
    const field = Math.floor(tag / 8);
    if (field <= 0) throw new ProtobufError(`proto: illegal tag ${field} (wire type ${tag % 8})`);
    return { field, wire: tag % 8 };
  }

  delimited(): Uint8Array {
    const length = Number(this.varint());
    if (length > this.bytes.length - this.at) throw new ProtobufError('unexpected EOF');
    const part = this.bytes.subarray(this.at, this.at + length);
    this.at += length;
    return part;
  }

  double(): number {
    if (this.at + 8 > this.bytes.length) throw new ProtobufError('unexpected EOF');
    const view = new DataView(this.bytes.buffer, this.bytes.byteOffset + this.at, 8);
    this.at += 8;
    return view.getFloat64(0, true);
  }

  skip(wire: number): void {
    if (wire === 0) this.varint();
    else if (wire === 1) this.at += 8;
    else if (wire === 2) this.delimited();
    else if (wire === 5) this.at += 4;
    else throw new ProtobufError(`proto: illegal wireType ${wire}`);
    if (this.at > this.bytes.length) throw new ProtobufError('unexpected EOF');
  }
}
