declare module 'monaco-editor/editor/contrib/suggest/browser/suggestController.js';
declare module 'monaco-editor/editor/editor.worker.js';
declare module 'monaco-yaml/yaml.worker.js';
declare module 'prismjs/components/prism-core';
