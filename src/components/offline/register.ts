import siteConfig from '@generated/docusaurus.config';

/** Once the page is there, the browser gets the service worker of its language; a development server has none. */
if (typeof window !== 'undefined' && process.env['NODE_ENV'] === 'production' && 'serviceWorker' in navigator) {
  window.addEventListener('load', () => {
    navigator.serviceWorker.register(`${siteConfig.baseUrl}service-worker.js`, { scope: siteConfig.baseUrl }).catch(() => undefined);
  });
}
