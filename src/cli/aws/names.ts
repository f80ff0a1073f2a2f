/** As the AWS CLI spells a name of the API on its line: `QueueOwnerAWSAccountId` is `queue-owner-aws-account-id`. */
export function kebab(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}

/** Of a member its option; one is another there, for `--endpoint` would be a beginning of `--endpoint-url`. */
export function optionWord(member: string): string {
  return member === 'Endpoint' ? 'notification-endpoint' : kebab(member);
}
