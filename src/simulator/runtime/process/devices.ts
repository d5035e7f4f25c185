import { SystemError } from '../interface';
import type { SpecialInode } from '../files/inode';
import { DeviceHandle, type Handle, NullHandle } from './handle';
import { Pipe } from './pipe';
import type { LinuxProcess } from './process';

/** Opens a fifo or device for a process. A fifo's ends find each other when both are open; opening itself does not wait. */
export function openSpecial(process: LinuxProcess, inode: SpecialInode, flags: { readonly read?: boolean; readonly write?: boolean }): Handle {
  switch (inode.device) {
    case 'fifo': {
      const pipe = (inode.pipe ??= new Pipe('fifo')) as Pipe;
      return flags.write && !flags.read ? pipe.openWriter(true) : pipe.openReader(true);
    }
    case 'null':
      return new NullHandle();
    case 'zero':
      return new DeviceHandle('/dev/zero', (length) => new Uint8Array(length));
    case 'full':
      return new DeviceHandle('/dev/full', (length) => new Uint8Array(length), true);
    case 'random':
      return new DeviceHandle('/dev/urandom', (length) => randomBytes(process, length));
    case 'tty':
      if (!process.terminal) throw new SystemError('ENXIO', '/dev/tty');
      return process.terminal.open();
    default:
      throw new SystemError('ENODEV', inode.device);
  }
}

function randomBytes(process: LinuxProcess, length: number): Uint8Array {
  const out = new Uint8Array(length);
  for (let i = 0; i < length; i += 4) {
    const word = process.world.random.uint32();
    out[i] = word;
    if (i + 1 < length) out[i + 1] = word >>> 8;
    if (i + 2 < length) out[i + 2] = word >>> 16;
    if (i + 3 < length) out[i + 3] = word >>> 24;
  }
  return out;
}
