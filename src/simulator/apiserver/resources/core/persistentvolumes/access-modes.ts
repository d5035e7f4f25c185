const short: readonly (readonly [mode: string, text: string])[] = [['ReadWriteOnce', 'RWO'], ['ReadOnlyMany', 'ROX'], ['ReadWriteMany', 'RWX'], ['ReadWriteOncePod', 'RWOP']];

/** RWO,ROX: access modes as tables show them. */
export const accessModesText = (modes: readonly string[] | undefined): string => short.filter(([mode]) => modes?.includes(mode)).map(([, text]) => text).join(',');
