import * as monaco from 'monaco-editor/editor';
import 'monaco-editor/features/bracketMatching/register';
import 'monaco-editor/features/caretOperations/register';
import 'monaco-editor/features/clipboard/register';
import 'monaco-editor/features/codicon/register';
import 'monaco-editor/features/comment/register';
import 'monaco-editor/features/contextmenu/register';
import 'monaco-editor/features/cursorUndo/register';
import 'monaco-editor/features/diffEditor/register';
import 'monaco-editor/features/find/register';
import 'monaco-editor/features/folding/register';
import 'monaco-editor/features/gotoError/register';
import 'monaco-editor/features/hover/register';
import 'monaco-editor/features/indentation/register';
import 'monaco-editor/features/lineSelection/register';
import 'monaco-editor/features/linesOperations/register';
import 'monaco-editor/features/multicursor/register';
import 'monaco-editor/features/snippet/register';
import 'monaco-editor/features/toggleTabFocusMode/register';
import 'monaco-editor/features/wordHighlighter/register';
import 'monaco-editor/features/wordOperations/register';
import 'monaco-editor/editor/contrib/suggest/browser/suggestController.js';
import 'monaco-editor/languages/definitions/yaml/register';
import 'monaco-editor/languages/definitions/shell/register';
import 'monaco-editor/languages/definitions/ini/register';
import { configureMonacoYaml, type MonacoYaml } from 'monaco-yaml';
import type { Locale } from '../text/text';
import { defineThemes } from './themes';
import { inKorean } from './yaml-messages';

export { monaco };

globalThis.MonacoEnvironment = {
  getWorker: () => new Worker(new URL('./editor.worker.ts', import.meta.url), { type: 'module' }),
};

interface OldWorkerOptions {
  readonly createData: unknown;
  readonly host?: Record<string, (...args: unknown[]) => unknown>;
  readonly keepIdleModels?: boolean;
}

/** monaco-yaml 5.5 asks for a worker as older Monacos made them: this Monaco wants the worker itself, and its data as a message. */
function createYamlWorker({ createData, host, keepIdleModels }: OldWorkerOptions): unknown {
  const worker = new Worker(new URL('./yaml.worker.ts', import.meta.url), { type: 'module' });
  worker.postMessage('ignore');
  worker.postMessage(createData);
  return monaco.editor.createWebWorker({ worker: Promise.resolve(worker), ...(host === undefined ? {} : { host }), ...(keepIdleModels === undefined ? {} : { keepIdleModels }) });
}

let yaml: MonacoYaml | undefined;

/** The YAML checker knows English alone: its findings are translated on their way to the page. */
const setKoreanMarkers: typeof monaco.editor.setModelMarkers = (model, owner, markers) =>
  monaco.editor.setModelMarkers(model, owner, markers.map((marker) => ({ ...marker, message: inKorean(marker.message) })));

/** Gives the editor the schema of everything that a manifest can say, and the language of its findings. */
export function setSchema(schema: object, locale: Locale): void {
  const options = {
    completion: true,
    hover: true,
    validate: true,
    format: { enable: false },
    isKubernetes: true,
    yamlVersion: '1.1' as const,
    schemas: [{ uri: 'kube-dojang://schema/kubernetes-1.36', fileMatch: ['**/*.yaml', '**/*.yml'], schema }],
  };
  if (yaml !== undefined) {
    void yaml.update(options);
    return;
  }
  const shim = { ...monaco, editor: { ...monaco.editor, createWebWorker: createYamlWorker, ...(locale === 'ko' && { setModelMarkers: setKoreanMarkers }) } };
  yaml = configureMonacoYaml(shim as unknown as Parameters<typeof configureMonacoYaml>[0], options);
}

defineThemes(monaco);
