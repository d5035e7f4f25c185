import { utf8Decode } from '../../../kernel';
import { base64Encode as toBase64 } from '../../../api';
import type { Context } from '../../command';
import { CommandError } from '../../errors';
import type { Fields } from '../../fields';
import { flag } from '../../flags';
import { appendHash } from '../../kustomize/hash';
import { compactJson } from '../../print/json';
import { collectData, configMapData, dataFlags, secretData } from './data';
import { named, type Generator } from './generator';

const hashed = ({ flags }: Context, object: Fields): Fields => (flags.bool('append-hash') ? appendHash(object) : object);

/** kubectl create configmap */
export const configMap: Generator = {
  name: 'configmap',
  aliases: ['cm'],
  use: 'NAME [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  short: 'Create a config map from a local file, directory or literal value',
  flags: dataFlags,
  place: { group: '', version: 'v1', resource: 'configmaps', kind: 'ConfigMap', namespaced: true },
  failure: 'failed to create configmap: ',
  *make(context, name) {
    return hashed(context, { ...named('v1', 'ConfigMap', name), ...configMapData(collectData(context, 'ConfigMap', name)) });
  },
};

const secretPlace = { group: '', version: 'v1', resource: 'secrets', kind: 'Secret', namespaced: true } as const;

/** kubectl create secret generic */
export const genericSecret: Generator = {
  name: 'generic',
  use: 'NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]',
  short: 'Create a secret from a local file, directory, or literal value',
  flags: [...dataFlags, flag("--type=''", 'Type of the secret.')],
  place: secretPlace,
  failure: 'failed to create secret ',
  *make(context, name) {
    const type = context.flags.string('type');
    return hashed(context, { ...named('v1', 'Secret', name), ...(type !== '' && { type }), ...secretData(collectData(context, 'Secret', name)) });
  },
};

const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

/** kubectl create secret docker-registry */
export const dockerSecret: Generator = {
  name: 'docker-registry',
  use: 'NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]',
  short: 'Create a secret for use with a Docker registry',
  flags: [
    flag('--append-hash=false', 'Append a hash of the content to the name.'),
    flag("--docker-email=''", 'E-mail for the registry.'),
    flag("--docker-password=''", 'Password for the registry.'),
    flag("--docker-server='https://index.docker.io/v1/'", 'Address of the registry.'),
    flag("--docker-username=''", 'User of the registry.'),
    flag('--from-file=[]', 'A docker config file: .dockerconfigjson=file.'),
  ],
  place: secretPlace,
  failure: 'failed to create secret ',
  *make(context, name) {
    const { flags } = context;
    const [username, password, email, server] = ['docker-username', 'docker-password', 'docker-email', 'docker-server'].map((key) => flags.string(key)) as [string, string, string, string];
    const files = flags.list('from-file');
    if (files.length === 0 && (username === '' || password === '' || server === '')) throw new CommandError('either --from-file or the combination of --docker-username, --docker-password and --docker-server is required');
    const object = { ...named('v1', 'Secret', name), type: 'kubernetes.io/dockerconfigjson' };
    if (files.length > 0) return hashed(context, { ...object, ...secretData(collectData(context, 'Secret', name)) });
    const entry = { username, password, ...(email !== '' && { email }), auth: toBase64(bytesOf(`${username}:${password}`)) };
    return hashed(context, { ...object, data: { '.dockerconfigjson': toBase64(bytesOf(compactJson({ auths: { [server]: entry } }, false))) } });
  },
};

/** kubectl create secret tls */
export const tlsSecret: Generator = {
  name: 'tls',
  use: 'NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]',
  short: 'Create a TLS secret',
  flags: [flag('--append-hash=false', 'Append a hash of the content to the name.'), flag("--cert=''", 'File with the certificate, in PEM.'), flag("--key=''", 'File with its private key, in PEM.')],
  place: secretPlace,
  failure: 'failed to create secret ',
  *make(context, name) {
    const { flags, session } = context;
    if (flags.string('cert') === '' || flags.string('key') === '') throw new CommandError('key and cert must be specified');
    const [certificate, key] = ['cert', 'key'].map((which) => {
      const path = flags.string(which);
      if (session.host.files.kind(path) !== 'file') throw new CommandError(`Cannot read file ${path}, open ${path}: no such file or directory`);
      return session.host.files.read(path);
    }) as [Uint8Array, Uint8Array];
    if (!utf8Decode(certificate).includes('-----BEGIN')) throw new CommandError('tls: failed to find any PEM data in certificate input');
    if (!utf8Decode(key).includes('-----BEGIN')) throw new CommandError('tls: failed to find any PEM data in key input');
    return hashed(context, { ...named('v1', 'Secret', name), type: 'kubernetes.io/tls', data: { 'tls.crt': toBase64(certificate), 'tls.key': toBase64(key) } });
  },
};
