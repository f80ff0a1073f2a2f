export { createSigner, type Signer, type SigningKey, type SigningKeys } from './signer.ts';
export type { SignedFields } from './string-to-sign.ts';
