/** The dictionary of SPDY's header compression, which spdy-transport brings along without types. */
declare module 'spdy-transport/lib/spdy-transport/protocol/spdy/dictionary.js' {
  const dictionaries: Readonly<Record<string, Buffer>>;
  export default dictionaries;
}
