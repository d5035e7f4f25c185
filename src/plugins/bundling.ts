import path from 'node:path';
import type { Plugin } from '@docusaurus/types';

/** Modules of the editor and the terminal: they load when a lab opens and must not leak into the pages' own files. */
const onDemand = /[\\/]node_modules[\\/](?:monaco-|@xterm)/;

/** How the site is cut into files: a lesson loads little, a lab loads the rest when it is opened. */
export default function bundling(): Plugin {
  return {
    name: 'kube-dojang-bundling',
    configureWebpack(_config, isServer, { currentBundler }) {
      const alias = {
        // The worker half of monaco-yaml 5.5 names this file by a path that Monaco no longer exports.
        'monaco-editor/esm/vs/editor/editor.worker.js': path.resolve('node_modules/monaco-editor/esm/vs/editor/editor.worker.js'),
        'prism-react-renderer$': path.resolve('src/components/code/highlight.tsx'),
      };
      // package.json says "type": "module", but what Docusaurus generates calls require.
      const module = { rules: [{ test: /[\\/]\.docusaurus[\\/].*\.m?js$/, type: 'javascript/auto', resolve: { fullySpecified: false } }, { test: /[\\/]src[\\/](simulator|grading)[\\/]/, sideEffects: false }] };
      // For the same reason the pages' own files, which Node loads to render them, say that they are CommonJS.
      if (isServer) return { resolve: { alias }, module, output: { chunkFilename: 'assets/js/[name].[contenthash:8].cjs' } };
      const { NormalModuleReplacementPlugin } = currentBundler.instance;
      return {
        plugins: process.env['KUBE_DOJANG_STORY'] === undefined ? [] : [new NormalModuleReplacementPlugin(/cluster\.worker\.ts$/, path.resolve('src/components/bench/story/cluster.worker.ts'))],
        resolve: { alias },
        module,
        optimization: {
          splitChunks: {
            cacheGroups: {
              common: { minChunks: 40 },
              styles: { test: (module: { nameForCondition?: () => string | null; identifier: () => string }) => !onDemand.test(module.nameForCondition?.() ?? module.identifier()) },
            },
          },
        },
      };
    },
  };
}
