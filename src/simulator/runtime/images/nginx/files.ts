const types: Readonly<Record<string, string>> = {
  'text/html': 'html htm shtml', 'text/css': 'css', 'text/xml': 'xml', 'image/gif': 'gif', 'image/jpeg': 'jpeg jpg', 'application/javascript': 'js', 'application/atom+xml': 'atom', 'application/rss+xml': 'rss',
  'text/mathml': 'mml', 'text/plain': 'txt', 'text/vnd.sun.j2me.app-descriptor': 'jad', 'text/vnd.wap.wml': 'wml', 'text/x-component': 'htc', 'image/png': 'png', 'image/svg+xml': 'svg svgz', 'image/tiff': 'tif tiff', 'image/vnd.wap.wbmp': 'wbmp', 'image/webp': 'webp', 'image/x-icon': 'ico', 'image/x-jng': 'jng', 'image/x-ms-bmp': 'bmp',
  'font/woff': 'woff', 'font/woff2': 'woff2', 'application/java-archive': 'jar war ear', 'application/json': 'json', 'application/pdf': 'pdf', 'application/zip': 'zip', 'application/gzip': 'gz', 'application/x-tar': 'tar', 'application/wasm': 'wasm', 'application/octet-stream': 'bin exe dll deb dmg iso img msi', 'audio/mpeg': 'mp3', 'audio/ogg': 'ogg', 'video/mp4': 'mp4', 'video/webm': 'webm',
};

const mimeTypes = `\ntypes {\n${Object.entries(types).map(([type, extensions]) => `    ${type.padEnd(48)} ${extensions};\n`).join('')}}\n`;

const nginxConf = `user  nginx;
worker_processes  auto;
error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;
events { worker_connections  1024; }
http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;
    access_log  /var/log/nginx/access.log;
    sendfile        on;
    keepalive_timeout  65;
    include /etc/nginx/conf.d/*.conf;
}
`;

const defaultConf = `server {
    listen       80;
    server_name  localhost;
    location / { root /usr/share/nginx/html; index index.html index.htm; }
}
`;

const welcome = `<!DOCTYPE html>
<html>
<head>
<title>Welcome to nginx!</title>
</head>
<body>
<h1>Welcome to nginx!</h1>
</body>
</html>
`;

/** What the image holds besides the program. */
export const files = {
  '/etc/nginx/nginx.conf': nginxConf,
  '/etc/nginx/mime.types': mimeTypes,
  '/etc/nginx/conf.d/default.conf': defaultConf,
  '/usr/share/nginx/html/index.html': welcome,
  '/var/log/nginx/access.log': { symlink: '/dev/stdout' },
  '/var/log/nginx/error.log': { symlink: '/dev/stderr' },
  '/var/cache/nginx/': '',
  '/run/': '',
  '/etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\nnginx:x:101:101:nginx user:/nonexistent:/bin/false\n',
  '/etc/group': 'root:x:0:\nnogroup:x:65534:\nnginx:x:101:\n',
} as const;
