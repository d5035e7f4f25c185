import { flag, type FlagDefinition } from './definition';

/** Flags that every command takes. */
export const globalFlags: readonly FlagDefinition[] = [
  flag("--as=''", 'User to act as.'),
  flag('--as-group=[]', 'Group to act as; may be repeated.'),
  flag("--as-uid=''", 'UID to act as.'),
  flag('--as-user-extra=[]', 'Extra key=value of the user to act as; may be repeated.'),
  flag("--cache-dir='/root/.kube/cache'", 'Folder of caches.'),
  flag("--certificate-authority=''", 'File with the certificate authority.'),
  flag("--client-certificate=''", 'File with the client certificate.'),
  flag("--client-key=''", 'File with the client key.'),
  flag("--cluster=''", 'Cluster of the kubeconfig to use.'),
  flag("--context=''", 'Context of the kubeconfig to use.'),
  flag('--disable-compression=false', 'Ask for uncompressed answers.'),
  flag('--insecure-skip-tls-verify=false', "Do not check the server's certificate."),
  flag("--kubeconfig=''", 'The kubeconfig file to use.'),
  flag("--kuberc=''", 'The kuberc file to use.', { hidden: true }),
  flag('--log-flush-frequency=5s', 'Longest time between log flushes.'),
  flag('--match-server-version=false', "Require the server's version to be the client's."),
  flag("-n, --namespace=''", 'Namespace of this request.'),
  flag("--password=''", 'Password for basic authentication.'),
  flag("--profile='none'", 'Profile to capture.'),
  flag("--profile-output='profile.pprof'", 'File to write the profile to.'),
  flag("--request-timeout='0'", 'How long to wait for one request (1s, 2m); 0 is for ever.'),
  flag("-s, --server=''", 'Address and port of the API server.'),
  flag("--tls-server-name=''", "Name to check the server's certificate against."),
  flag("--token=''", 'Bearer token.'),
  flag("--user=''", 'User of the kubeconfig to use.'),
  flag("--username=''", 'User name for basic authentication.'),
  flag('-v, --v=0', 'Verbosity of logs.'),
  flag('--vmodule=', 'Verbosity by file pattern.'),
  flag('--warnings-as-errors=false', 'Treat warnings of the server as errors.'),
];

/** The flag that every command has of its own. */
export const helpFlag = flag('-h, --help=false', 'Help for this command.', { hidden: true });

/** -f, -k, -R. */
export const fileFlags = (purpose: string, { recursive = 'false', kustomize = true }: { recursive?: string; kustomize?: boolean } = {}): FlagDefinition[] => [
  flag('-f, --filename=[]', `File or folder that names what ${purpose}.`, { kind: 'commaList' }),
  ...(kustomize ? [flag("-k, --kustomize=''", 'Kustomization folder to process; not together with -f or -R.')] : []),
  flag(`-R, --recursive=${recursive}`, 'With -f on a folder, take the folders in it as well.'),
];

/** -o and what goes with it. */
export const printFlags = (output = "''"): FlagDefinition[] => [
  flag('--allow-missing-template-keys=true', 'Templates print nothing for fields that are missing.'),
  flag(`-o, --output=${output}`, 'Output format: json, yaml, kyaml, name, go-template, go-template-file, template, templatefile, jsonpath, jsonpath-as-json, jsonpath-file.'),
  flag('--show-managed-fields=false', 'Keep managedFields in JSON and YAML.'),
  flag("--template=''", 'Template, or its file, for -o go-template and -o go-template-file.'),
];

export const dryRunFlag = flag("--dry-run='none'", '"none", "server" (ask the server, keep nothing) or "client" (only print).', { withoutValue: 'unchanged' });

export const fieldManagerFlag = (name: string): FlagDefinition => flag(`--field-manager='${name}'`, 'Name under which fields are owned.');

export const selectorFlag = flag("-l, --selector=''", "Label selector: '=', '==', '!=', 'in', 'notin'.");

export const fieldSelectorFlag = flag("--field-selector=''", "Field selector: '=', '==', '!='.");

export const allNamespacesFlag = flag('-A, --all-namespaces=false', 'Look in all namespaces.');

export const allFlag = flag('--all=false', 'Take every resource of the given types in the namespace.');

export const validateFlag = flag("--validate='strict'", 'Unknown or doubled fields: strict (or true), warn, ignore (or false).', { withoutValue: 'strict' });

export const saveConfigFlag = flag('--save-config=false', 'Keep the configuration in an annotation, for later kubectl apply.');

export const localFlag = flag('--local=false', 'Do not ask the server; change what -f holds.');

export const chunkSizeFlag = flag('--chunk-size=500', 'Fetch long lists in pieces of this size; 0 is all at once.');

export const cascadeFlag = flag("--cascade='background'", '"background", "orphan" or "foreground".', { withoutValue: 'background' });

export const gracePeriodFlag = flag('--grace-period=-1', 'Seconds to end gracefully; negative is ignored, 1 is at once, 0 only with --force.');

export const containerFlag = flag("-c, --container=''", 'Container name.');

export const subresourceFlag = flag("--subresource=''", 'Subresource to work on: status, scale, resize.');
