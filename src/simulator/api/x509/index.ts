/** Certificates and their signing requests: PEM, DER, PKCS #10, and the signatures that most of them have. */
export { DerError, isSequence } from './der';
export { type PemBlock, pemBlocks } from './pem';
export { nameAttributes, type NameAttribute, parseSigningRequest, type SigningRequest } from './request';
export { certificateProblem, type Expectation } from './verify';
