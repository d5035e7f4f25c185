export { endsConnection, secureAsClient, secureAsServer, TlsError } from './handshake';
export { pemBlocks } from './pem';
