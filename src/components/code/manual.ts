/** Prism looks for this as it loads: without it, it would highlight the page by itself. */
Object.assign(globalThis, { Prism: { manual: true } });
