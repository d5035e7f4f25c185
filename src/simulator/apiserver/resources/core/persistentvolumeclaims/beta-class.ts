/** The annotation that named a class before there was a field for it. */
export const betaClass = 'volume.beta.kubernetes.io/storage-class';

/** That a class is named as it once was. */
export const betaClassWarning = `metadata.annotations[${betaClass}]: deprecated since v1.8; use "storageClassName" attribute instead`;
