import type * as Preset from '@docusaurus/preset-classic';
import type { Config } from '@docusaurus/types';
import { codeThemes } from './src/components/code/theme';
import bundling from './src/plugins/bundling';
import contentSecurityPolicy from './src/plugins/content-security-policy';
import labs from './src/plugins/labs';
import offline from './src/plugins/offline';

const korean = (process.env['DOCUSAURUS_CURRENT_LOCALE'] ?? 'ko') !== 'en';

/** BASE_URL and SITE_URL say where a static host serves the course; without them it lives at the root. */
const config: Config = {
  title: korean ? '쿠버 도장' : 'Kube Dojang',
  tagline: korean ? '브라우저 안의 쿠버네티스 클러스터로 익히는 쿠버네티스' : 'Kubernetes, learned on a cluster inside your browser',
  favicon: 'img/seal.svg',
  url: process.env['SITE_URL'] ?? 'http://localhost:3000',
  baseUrl: process.env['BASE_URL'] ?? '/',
  trailingSlash: false,
  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  onDuplicateRoutes: 'throw',
  future: { v4: true, faster: true },
  storage: { namespace: 'fixed' },
  i18n: {
    defaultLocale: 'ko',
    locales: ['ko', 'en'],
    localeConfigs: { ko: { label: '한국어', htmlLang: 'ko-KR' }, en: { label: 'English', htmlLang: 'en' } },
  },
  markdown: { mermaid: true, hooks: { onBrokenMarkdownLinks: 'throw', onBrokenMarkdownImages: 'throw' } },
  themes: ['@docusaurus/theme-mermaid'],
  plugins: [bundling, labs, contentSecurityPolicy, offline],
  presets: [
    [
      'classic',
      {
        blog: false,
        docs: { path: 'docs', routeBasePath: 'course', sidebarPath: './sidebars.ts', breadcrumbs: true },
        theme: { customCss: './src/css/custom.css' },
      } satisfies Preset.Options,
    ],
  ],
  themeConfig: {
    colorMode: { respectPrefersColorScheme: true },
    docs: { sidebar: { hideable: true } },
    navbar: {
      title: korean ? '쿠버 도장' : 'Kube Dojang',
      logo: { alt: '', src: 'img/seal.svg', width: 28, height: 28 },
      items: [
        { type: 'docSidebar', sidebarId: 'course', label: korean ? '과정' : 'Course', position: 'left' },
        { to: '/stamps', label: korean ? '도장첩' : 'Stamps', position: 'left' },
        { type: 'localeDropdown', position: 'right' },
      ],
    },
    footer: {
      copyright: korean
        ? '쿠버 도장 · Apache-2.0 · 학습자의 파일과 도장은 이 브라우저에만 저장됩니다.'
        : 'Kube Dojang · Apache-2.0 · Your files and stamps stay in this browser.',
    },
    tableOfContents: { minHeadingLevel: 2, maxHeadingLevel: 3 },
    prism: { theme: codeThemes.light, darkTheme: codeThemes.dark, additionalLanguages: ['bash', 'yaml', 'json', 'http', 'nginx'] },
    mermaid: { theme: { light: 'neutral', dark: 'dark' } },
  } satisfies Preset.ThemeConfig,
};

export default config;
