/** Serves a built course; comes back with its address. Port 0 is any free one. */
export function serve(options: { readonly folder: string; readonly host: string; readonly port: number }): Promise<string>;
