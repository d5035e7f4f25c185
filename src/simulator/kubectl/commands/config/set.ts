import type { Command, Context } from '../../command';
import { base64Encode } from '../../../api';
import { CommandError } from '../../errors';
import { withAt, type Fields } from '../../fields';
import { flag } from '../../flags';
import { helpText } from '../../help';
import { setCurrentContext, setProperty, setStanza, type Section } from '../../kubeconfig/edit';
import { readFile } from '../../resources/read-files';
import { configOf } from './view';

/** Fails with the help before the message, as these commands do. */
function wrongArguments(context: Context): CommandError {
  context.err(helpText(context.command, context.path));
  return new CommandError(`Unexpected args: [${context.args.join(' ')}]`);
}

const files = (context: Context) => context.session.host.files;
const stanza = (context: Context, section: Section, name: string): Fields | undefined => configOf(context)[section].find((one) => one.name === name)?.value;

/** kubectl config set-context */
export const setContext: Command = {
  name: 'set-context',
  short: 'Set a context entry in kubeconfig',
  use: '[NAME | --current] [--cluster=cluster_nickname] [--user=user_nickname] [--namespace=namespace]',
  flags: [flag("--cluster=''", 'Cluster of the context.'), flag('--current=false', 'Change the current context.'), flag("-n, --namespace=''", 'Namespace of the context.'), flag("--user=''", 'User of the context.')],
  *run(context) {
    const { args, flags, out } = context;
    if (args.length > 1) throw wrongArguments(context);
    if (flags.bool('current') && args.length > 0) throw new CommandError('you cannot specify both a context name and --current');
    const name = flags.bool('current') ? configOf(context).currentContext : (args[0] ?? '');
    if (flags.bool('current') && name === '') throw new CommandError('no current context is set');
    if (name === '') throw new CommandError('you must specify a non-empty context name or --current');
    const known = stanza(context, 'contexts', name);
    let value = known ?? {};
    for (const key of ['cluster', 'user', 'namespace']) if (flags.changed(key)) value = withAt(value, [key], flags.string(key) === '' ? undefined : flags.string(key));
    setStanza(files(context), configOf(context), 'contexts', name, value);
    out(`Context ${JSON.stringify(name)} ${known ? 'modified' : 'created'}.\n`);
  },
};

/** kubectl config set-cluster */
export const setCluster: Command = {
  name: 'set-cluster',
  short: 'Set a cluster entry in kubeconfig',
  use: 'NAME [--server=server] [--certificate-authority=path/to/certificate/authority] [--insecure-skip-tls-verify=true] [--tls-server-name=example.com]',
  flags: [flag("--certificate-authority=''", 'File with the certificate authority.'), flag('--embed-certs=false', 'Write the certificate into the file.'), flag('--insecure-skip-tls-verify=false', 'Do not check the certificate.'), flag("--proxy-url=''", 'Proxy.'), flag("--server=''", 'Address of the API server.'), flag("--tls-server-name=''", 'Name to check the certificate against.')],
  *run(context) {
    const { args, flags, out } = context;
    if (args.length !== 1) throw wrongArguments(context);
    const name = args[0] as string;
    let value = stanza(context, 'clusters', name) ?? {};
    for (const key of ['server', 'tls-server-name', 'proxy-url']) if (flags.changed(key)) value = withAt(value, [key], flags.string(key));
    if (flags.changed('insecure-skip-tls-verify')) value = withAt(value, ['insecure-skip-tls-verify'], flags.bool('insecure-skip-tls-verify') ? true : undefined);
    if (flags.changed('certificate-authority')) {
      const path = flags.string('certificate-authority');
      if (flags.bool('embed-certs')) value = withAt(withAt(value, ['certificate-authority-data'], base64Encode(readFile(files(context), path))), ['certificate-authority'], undefined);
      else value = withAt(value, ['certificate-authority'], path.startsWith('/') ? path : `${files(context).cwd}/${path}`);
    }
    setStanza(files(context), configOf(context), 'clusters', name, value);
    out(`Cluster ${JSON.stringify(name)} set.\n`);
  },
};

/** kubectl config set-credentials */
export const setCredentials: Command = {
  name: 'set-credentials',
  short: 'Set a user entry in kubeconfig',
  use: 'NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]',
  flags: [flag("--client-certificate=''", 'File with the client certificate.'), flag("--client-key=''", 'File with its key.'), flag('--embed-certs=false', 'Write both into the file.'), flag("--password=''", 'Password.'), flag("--token=''", 'Bearer token.'), flag("--username=''", 'User name.'), flag("--exec-command=''", 'Program that gives credentials.'), flag("--exec-api-version=''", 'Version of its protocol.'), flag('--exec-arg=[]', 'Argument of it.', { kind: 'list' })],
  *run(context) {
    const { args, flags, out } = context;
    if (args.length !== 1) throw wrongArguments(context);
    const methods = [flags.string('token') === '' ? [] : ['--token'], flags.string('username') === '' && flags.string('password') === '' ? [] : ['--username/--password']].flat();
    if (methods.length > 1) throw new CommandError(`you cannot specify more than one authentication method at the same time: ${methods.join(', ')}`);
    const name = args[0] as string;
    let value = stanza(context, 'users', name) ?? {};
    for (const key of ['token', 'username', 'password']) if (flags.changed(key)) value = withAt(value, [key], flags.string(key) === '' ? undefined : flags.string(key));
    if (flags.string('token') !== '') for (const key of ['username', 'password']) value = withAt(value, [key], undefined);
    if (flags.string('username') !== '') value = withAt(value, ['token'], undefined);
    for (const key of ['client-certificate', 'client-key']) {
      if (!flags.changed(key)) continue;
      const path = flags.string(key);
      value = flags.bool('embed-certs') ? withAt(value, [`${key}-data`], base64Encode(readFile(files(context), path))) : withAt(value, [key], path.startsWith('/') ? path : `${files(context).cwd}/${path}`);
    }
    if (flags.changed('exec-command')) value = withAt(value, ['exec'], { apiVersion: flags.string('exec-api-version'), command: flags.string('exec-command'), args: flags.list('exec-arg'), interactiveMode: 'IfAvailable', provideClusterInfo: false });
    setStanza(files(context), configOf(context), 'users', name, value);
    out(`User ${JSON.stringify(name)} set.\n`);
  },
};

/** kubectl config set */
export const set: Command = {
  name: 'set',
  short: 'Set an individual value in a kubeconfig file',
  use: 'PROPERTY_NAME PROPERTY_VALUE',
  flags: [flag('--set-raw-bytes=false', 'Write the value of a data field as it is.')],
  *run(context) {
    const [property, value] = context.args;
    if (context.args.length !== 2) throw wrongArguments(context);
    setProperty(files(context), configOf(context), property as string, value);
    context.out(`Property ${JSON.stringify(property)} set.\n`);
  },
};

/** kubectl config unset */
export const unset: Command = {
  name: 'unset',
  short: 'Unset an individual value in a kubeconfig file',
  use: 'PROPERTY_NAME',
  *run(context) {
    const [property] = context.args;
    if (context.args.length !== 1) throw wrongArguments(context);
    setProperty(files(context), configOf(context), property as string, undefined);
    context.out(`Property ${JSON.stringify(property)} unset.\n`);
  },
};

/** kubectl config use-context */
export const useContext: Command = {
  name: 'use-context',
  aliases: ['use'],
  short: 'Set the current-context in a kubeconfig file',
  use: 'CONTEXT_NAME',
  *run(context) {
    const [name] = context.args;
    if (context.args.length !== 1) throw wrongArguments(context);
    if (!configOf(context).contexts.some((one) => one.name === name)) throw new CommandError(`no context exists with the name: ${JSON.stringify(name)}`);
    setCurrentContext(files(context), configOf(context), name as string);
    context.out(`Switched to context ${JSON.stringify(name)}.\n`);
  },
};

/** kubectl config rename-context */
export const renameContext: Command = {
  name: 'rename-context',
  short: 'Rename a context from the kubeconfig file',
  use: 'CONTEXT_NAME NEW_NAME',
  *run(context) {
    if (context.args.length !== 2) throw wrongArguments(context);
    const [from, to] = context.args as [string, string];
    const config = configOf(context);
    const known = config.contexts.find((one) => one.name === from);
    if (!known) throw new CommandError(`cannot rename the context ${JSON.stringify(from)}, it's not in ${config.files[0]}`);
    if (config.contexts.some((one) => one.name === to)) throw new CommandError(`cannot rename the context ${JSON.stringify(from)}, the context ${JSON.stringify(to)} already exists in ${config.files[0]}`);
    setStanza(files(context), config, 'contexts', from, undefined);
    setStanza(files(context), configOf(context), 'contexts', to, known.value);
    if (config.currentContext === from) setCurrentContext(files(context), configOf(context), to);
    context.out(`Context ${JSON.stringify(from)} renamed to ${JSON.stringify(to)}.\n`);
  },
};

const deletion = (what: string, section: Section): Command => ({
  name: `delete-${what}`,
  short: `Delete the specified ${what} from the kubeconfig`,
  use: 'NAME',
  *run(context) {
    const [name = ''] = context.args;
    if (context.args.length !== 1) {
      context.err(helpText(context.command, context.path));
      return;
    }
    const config = configOf(context);
    const file = config.files[0] as string;
    if (!config[section].some((one) => one.name === name)) throw new CommandError(`cannot delete ${what} ${name}, not in ${file}`);
    if (what === 'context' && config.currentContext === name) context.err('warning: this removed your active context, use "kubectl config use-context" to select a different one\n');
    setStanza(files(context), config, section, name, undefined);
    context.out(`deleted ${what} ${name} from ${file}\n`);
  },
});

/** kubectl config delete-cluster, delete-context and delete-user */
export const deletions: readonly Command[] = [deletion('cluster', 'clusters'), deletion('context', 'contexts'), deletion('user', 'users')];
