const names = [
  ...['AssumeRole', 'AssumeRoleWithSAML', 'AssumeRoleWithWebIdentity', 'AssumeRoot', 'DecodeAuthorizationMessage'],
  ...['GetAccessKeyInfo', 'GetCallerIdentity', 'GetFederationToken', 'GetServiceBearerToken', 'GetSessionToken'],
  ...['SetContext', 'SetSourceIdentity', 'TagSession'],
];
/** What policies may name of STS: all that AWS has, for policies are copied from there [IAM, actions of AWS STS]. */
export const actNames: ReadonlyMap<string, string> = new Map(
  names.map((name) => [`sts:${name}`.toLowerCase(), `sts:${name}`]),
);
