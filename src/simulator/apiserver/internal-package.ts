/** The Go package in which the server keeps a group's internal types, as its messages name it. */
export const internalPackage = (group: string): string => (group === '' || group === 'events.k8s.io' ? 'core' : (group.split('.')[0] as string));
