import type * as monaco from 'monaco-editor/editor';

/** Names of the editor's two themes. */
export const editorTheme = (mode: 'light' | 'dark'): string => `dojang-${mode}`;

/** Ink on paper: keys in ink, values a shade apart, comments faint. */
export function defineThemes({ editor }: typeof monaco): void {
  editor.defineTheme(editorTheme('light'), {
    base: 'vs',
    inherit: true,
    rules: [
      { token: '', foreground: '23201b' },
      { token: 'type', foreground: '23201b', fontStyle: 'bold' },
      { token: 'string', foreground: '2f4f7d' },
      { token: 'string.yaml', foreground: '2f4f7d' },
      { token: 'number', foreground: '7a4a00' },
      { token: 'keyword', foreground: '6b3a6e' },
      { token: 'comment', foreground: '6d6455' },
      { token: 'operators', foreground: '6d6455' },
    ],
    colors: { 'editor.background': '#fffdf8', 'editor.lineHighlightBackground': '#f6f1e5', 'editorLineNumber.foreground': '#6d6455', 'editorLineNumber.dimmedForeground': '#6d6455', 'editorLineNumber.activeForeground': '#23201b', 'editorIndentGuide.background1': '#e9e2d3', 'editorWidget.background': '#faf7f0', 'editorWidget.border': '#b9af9d', 'editor.selectionBackground': '#ded5c0', 'editorWarning.foreground': '#9a4a00', 'editorError.foreground': '#9a4a00', 'editorOverviewRuler.errorForeground': '#9a4a00', focusBorder: '#2f4f7d', 'editorSuggestWidget.selectedBackground': '#e8dfc8', 'editorSuggestWidget.selectedForeground': '#23201b', 'editorSuggestWidget.highlightForeground': '#2f4f7d', 'editorSuggestWidget.focusHighlightForeground': '#2f4f7d' },
  });
  editor.defineTheme(editorTheme('dark'), {
    base: 'vs-dark',
    inherit: true,
    rules: [
      { token: '', foreground: 'ece5d6' },
      { token: 'type', foreground: 'ece5d6', fontStyle: 'bold' },
      { token: 'string', foreground: '9bb8e3' },
      { token: 'string.yaml', foreground: '9bb8e3' },
      { token: 'number', foreground: 'd9be74' },
      { token: 'keyword', foreground: 'cfa3d2' },
      { token: 'comment', foreground: '9a907f' },
      { token: 'operators', foreground: '9a907f' },
    ],
    colors: { 'editor.background': '#13110e', 'editor.lineHighlightBackground': '#1d1a16', 'editorLineNumber.foreground': '#9a907f', 'editorLineNumber.dimmedForeground': '#9a907f', 'editorLineNumber.activeForeground': '#ece5d6', 'editorIndentGuide.background1': '#2a261f', 'editorWidget.background': '#211e19', 'editorWidget.border': '#5b5346', 'editor.selectionBackground': '#453e31', 'editorWarning.foreground': '#f0a355', 'editorError.foreground': '#f0a355', 'editorOverviewRuler.errorForeground': '#f0a355', focusBorder: '#9bb8e3', 'editorSuggestWidget.selectedBackground': '#353027', 'editorSuggestWidget.selectedForeground': '#ece5d6', 'editorSuggestWidget.highlightForeground': '#9bb8e3', 'editorSuggestWidget.focusHighlightForeground': '#9bb8e3' },
  });
}
