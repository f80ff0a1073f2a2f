export { createSigner, type Signer, type SigningKey, type SigningKeys } from './signer.ts';
