/** What policies may name of STS: all that AWS has, for policies are copied from there [IAM, actions of AWS STS]. */
export const actNames: readonly string[] = [
  ...['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'AssumeRoot', 'DecodeAuthorizationMessage'],
  ...['GetAccessKeyInfo', 'GetCallerIdentity', 'GetFederationToken', 'GetServiceBearerToken', 'GetSessionToken'],
  ...['SetContext', 'SetSourceIdentity', 'TagSession'],
].map((name) => `sts:${name}`);
