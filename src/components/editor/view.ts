import type { CheckResult, FilePlace } from '../bench/protocol';
import type { Workspace } from '../bench/workspace';
import { monaco } from './features';
import { editorTheme } from './themes';

/** The owner of the marks that grading leaves on lines. */
const markOwner = 'kube-dojang';

export const fontOptions = { fontFamily: '"Dojang Mono", monospace', fontSize: 14, lineHeight: 21 } as const;

export interface EditorView {
  show(path: string): void;
  goTo(place: FilePlace): void;
  mark(checks: readonly CheckResult[], text: (check: CheckResult) => string): void;
  setTheme(mode: 'light' | 'dark'): void;
  focus(): void;
  dispose(): void;
}

export interface EditorViewOptions {
  readonly label: string;
  readonly mode: 'light' | 'dark';
  readonly onApply: () => void;
  readonly onGrade: () => void;
}

const uriOf = (path: string): monaco.Uri => monaco.Uri.file(`/home/student/${path}`);

function languageOf(path: string): string {
  if (/\.ya?ml$/.test(path)) return 'yaml';
  if (/\.sh$/.test(path)) return 'shell';
  return /\.(cfg|conf|ini)$/.test(path) ? 'ini' : 'plaintext';
}

/** Models follow the workspace, whoever changed it; what is typed goes back there. Gives the function that ends it. */
function followFiles(workspace: Workspace): () => void {
  const hooks = new Map<string, monaco.IDisposable>();
  let taking = false;
  const follow = (): void => {
    const { files, origin } = workspace.state;
    for (const [path, content] of Object.entries(files)) {
      const model = monaco.editor.getModel(uriOf(path)) ?? monaco.editor.createModel(content, languageOf(path), uriOf(path));
      if (!hooks.has(path)) hooks.set(path, model.onDidChangeContent(() => { if (!taking) workspace.edit(path, model.getValue()); }));
      if (origin === 'editor' || model.getValue() === content) continue;
      taking = true;
      model.pushEditOperations([], [{ range: model.getFullModelRange(), text: content }], () => null);
      taking = false;
    }
    for (const [path, hook] of hooks) {
      if (files[path] !== undefined) continue;
      hook.dispose();
      hooks.delete(path);
      monaco.editor.getModel(uriOf(path))?.dispose();
    }
  };
  follow();
  const unsubscribe = workspace.subscribe(follow);
  return () => {
    unsubscribe();
    for (const [path, hook] of hooks) {
      hook.dispose();
      monaco.editor.getModel(uriOf(path))?.dispose();
    }
  };
}

function markOf(check: CheckResult, place: FilePlace, model: monaco.editor.ITextModel, message: string): monaco.editor.IMarkerData {
  const line = Math.min(Math.max(1, place.line), model.getLineCount());
  return {
    severity: monaco.MarkerSeverity.Error,
    source: check.id,
    message,
    startLineNumber: line,
    endLineNumber: line,
    startColumn: place.column ?? model.getLineFirstNonWhitespaceColumn(line),
    endColumn: place.endColumn ?? model.getLineMaxColumn(line),
  };
}

/** Makes the editor in the element. Loaded only when a lab opens. */
export function openEditorView(element: HTMLElement, workspace: Workspace, options: EditorViewOptions): EditorView {
  const unfollow = followFiles(workspace);
  const editor = monaco.editor.create(element, {
    ...fontOptions,
    model: null,
    theme: editorTheme(options.mode),
    ariaLabel: options.label,
    automaticLayout: true,
    minimap: { enabled: false },
    scrollBeyondLastLine: false,
    tabSize: 2,
    insertSpaces: true,
    fixedOverflowWidgets: true,
    padding: { top: 8, bottom: 8 },
    overviewRulerBorder: false,
    wordBasedSuggestions: 'off',
    quickSuggestions: { other: true, comments: false, strings: true },
    renderLineHighlightOnlyWhenFocus: true,
  });
  editor.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.KeyS, options.onApply);
  editor.addCommand(monaco.KeyMod.CtrlCmd | monaco.KeyCode.Enter, options.onGrade);
  void document.fonts.ready.then(() => monaco.editor.remeasureFonts());
  const show = (path: string): void => {
    const model = monaco.editor.getModel(uriOf(path));
    if (model !== null && editor.getModel() !== model) editor.setModel(model);
  };
  return {
    show,
    goTo: (place) => {
      show(place.file);
      const position = { lineNumber: place.line, column: place.column ?? 1 };
      editor.setPosition(position);
      editor.revealLineInCenter(place.line);
      editor.focus();
    },
    mark: (checks, text) => {
      for (const path of Object.keys(workspace.state.files)) {
        const model = monaco.editor.getModel(uriOf(path));
        if (model === null) continue;
        const marks = checks.flatMap((check) => (check.state !== 'failed' || check.place?.file !== path ? [] : [markOf(check, check.place, model, text(check))]));
        monaco.editor.setModelMarkers(model, markOwner, marks);
      }
    },
    setTheme: (mode) => monaco.editor.setTheme(editorTheme(mode)),
    focus: () => editor.focus(),
    dispose: () => {
      unfollow();
      editor.dispose();
    },
  };
}
