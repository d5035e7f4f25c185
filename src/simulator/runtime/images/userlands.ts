import { busybox, busyboxNames } from '../commands/busybox';
import type { Image, Userland } from '../interface';

const inFolder = (folder: string, names: readonly string[]): string[] => names.map((name) => `${folder}/${name}`);

/** Debian's: the same commands where coreutils and others put them. Those that a slim image lacks are left out. */
const debianLacks = new Set(['wget', 'nc', 'vi', 'ping', 'ip', 'ifconfig', 'netstat', 'nslookup', 'telnet', 'httpd', 'ps', 'top', 'free', 'uptime', 'pgrep', 'pkill', 'killall', 'watch', 'xxd', 'less', 'busybox', 'ash', 'pidof', 'bc', 'route', 'arping', 'traceroute']);
const folder = (mode: number) => ({ data: '', mode });

const shared: NonNullable<Image['files']> = {
  '/tmp/': folder(0o1777),
  '/root/': folder(0o700),
  '/home/': folder(0o755),
  '/var/': folder(0o755),
  '/var/spool/mail/': folder(0o755),
  '/usr/': folder(0o755),
  '/etc/group': 'root:x:0:\ndaemon:x:1:\nbin:x:2:\nsys:x:3:\nadm:x:4:\ntty:x:5:\ndisk:x:6:\nwheel:x:10:\nmail:x:12:\nwww-data:x:33:\nusers:x:100:\nnogroup:x:65534:\n',
  '/etc/shadow': { data: 'root:*::0:::::\n', mode: 0o640 },
  '/etc/localtime': 'TZif2UTC0\n',
  '/etc/nsswitch.conf': 'hosts: files dns\n',
};

const busyboxFiles: NonNullable<Image['files']> = {
  ...shared,
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1:daemon:/usr/sbin:/bin/false\nbin:x:2:2:bin:/bin:/bin/false\nsys:x:3:3:sys:/dev:/bin/false\nsync:x:4:100:sync:/bin:/bin/sync\nmail:x:8:8:mail:/var/spool/mail:/bin/false\nwww-data:x:33:33:www-data:/var/www:/bin/false\noperator:x:37:37:Operator:/var:/bin/false\nnobody:x:65534:65534:nobody:/home:/bin/false\n',
  '/usr/sbin/': folder(0o755),
  '/var/www/': folder(0o755),
};

const debianFiles: NonNullable<Image['files']> = {
  ...shared,
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\nbin:x:2:2:bin:/bin:/usr/sbin/nologin\nsys:x:3:3:sys:/dev:/usr/sbin/nologin\nmail:x:8:8:mail:/var/mail:/usr/sbin/nologin\nwww-data:x:33:33:www-data:/var/www:/usr/sbin/nologin\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n',
  '/etc/debian_version': '12.8\n',
  '/etc/os-release': 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nNAME="Debian GNU/Linux"\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nID=debian\n',
  '/bin': { symlink: 'usr/bin' },
  '/sbin': { symlink: 'usr/sbin' },
  '/usr/sbin/': folder(0o755),
  '/usr/local/bin/': folder(0o755),
  '/usr/share/': folder(0o755),
  '/var/lib/': folder(0o755),
  '/var/log/': folder(0o755),
  '/run/': folder(0o755),
};

/** BusyBox, as its own image has it and Alpine builds on it. */
export const busyboxUserland: Userland = {
  files: busyboxFiles,
  programs: [{ key: 'busybox', program: busybox, paths: [...inFolder('/bin', ['busybox', ...busyboxNames]), '/usr/bin/env'] }],
};

/** Debian, slim. */
export const debianUserland: Userland = {
  files: debianFiles,
  programs: [{ key: 'busybox', program: busybox, paths: inFolder('/usr/bin', ['dash', 'bash', ...busyboxNames.filter((name) => !debianLacks.has(name))]) }],
};
