export { type Authority, createAuthority, type Identity, readAuthority, type Subject } from './authority.ts'
export { type Written, writeCertificates } from './folder.ts'
