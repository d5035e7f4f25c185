export { endsConnection, secureAsClient, secureAsServer, TlsError } from './handshake';
export { pemContents } from './pem';
