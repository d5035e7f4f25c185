import { formatHttpDate, reasonPhrase } from '../../../network';
import { calendar, type Time } from '../../../kernel';

export const version = 'nginx/1.22.1';

const titles: Readonly<Record<number, string>> = {
  301: '301 Moved Permanently', 302: '302 Found', 303: '303 See Other', 307: '307 Temporary Redirect', 308: '308 Permanent Redirect', 400: '400 Bad Request', 401: '401 Authorization Required', 402: '402 Payment Required', 403: '403 Forbidden', 404: '404 Not Found',
  405: '405 Not Allowed', 406: '406 Not Acceptable', 408: '408 Request Time-out', 409: '409 Conflict', 410: '410 Gone', 411: '411 Length Required', 412: '412 Precondition Failed', 413: '413 Request Entity Too Large', 414: '414 Request-URI Too Large',
  415: '415 Unsupported Media Type', 416: '416 Requested Range Not Satisfiable', 421: '421 Misdirected Request', 429: '429 Too Many Requests', 500: '500 Internal Server Error', 501: '501 Not Implemented', 502: '502 Bad Gateway', 503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out', 505: '505 HTTP Version Not Supported', 507: '507 Insufficient Storage',
};

/** The words after a status in nginx's status line. */
export const statusWords = (status: number): string => titles[status]?.slice(4) ?? reasonPhrase(status);

/** nginx's own page for a status; undefined when it has none. */
export function statusPage(status: number, tokens: boolean): string | undefined {
  const title = titles[status];
  return title && `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr><center>${tokens ? version : 'nginx'}</center>\r\n</body>\r\n</html>\r\n`;
}

/** One entry of a listed folder. */
export interface ListedEntry {
  readonly name: string;
  readonly folder: boolean;
  readonly size: number;
  readonly modifiedAt: Time;
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (n: number) => String(n).padStart(2, '0');

/** The page of `autoindex on`. */
export function folderPage(path: string, entries: readonly ListedEntry[]): string {
  const lines = [...entries].sort((a, b) => Number(b.folder) - Number(a.folder) || (a.name < b.name ? -1 : 1)).map(({ name, folder, size, modifiedAt }) => {
    const shown = folder ? `${name}/` : name;
    const c = calendar(modifiedAt);
    const date = `${two(c.day)}-${months[c.month - 1]}-${c.year} ${two(c.hour)}:${two(c.minute)}`;
    const text = shown.length > 50 ? `${shown.slice(0, 47)}..&gt;` : shown;
    return `<a href="${encodeURI(shown)}">${text}</a>${' '.repeat(Math.max(0, 51 - Math.min(shown.length, 50)))}${date} ${(folder ? '-' : String(size)).padStart(19)}\r\n`;
  });
  return `<html>\r\n<head><title>Index of ${path}</title></head>\r\n<body>\r\n<h1>Index of ${path}</h1><hr><pre><a href="../">../</a>\r\n${lines.join('')}</pre><hr></body>\r\n</html>\r\n`;
}

/** ETag of a file: its time and size in hexadecimal. */
export const fileTag = (modifiedAt: Time, size: number): string => `"${Math.floor(modifiedAt / 1_000_000).toString(16)}-${size.toString(16)}"`;

export const lastModified = (time: Time): string => formatHttpDate(time);
