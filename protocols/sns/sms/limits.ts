/** Of text messages; a number of AWS's has its name beside it. */
export const smsLimits = {
  attributeCharactersMax: 2_048,
  /** Destination numbers of a sandbox [SNS Developer Guide, SMS sandbox]. */
  sandboxNumbersMax: 10,
  sandboxPageMax: 100,
  /** [SNS API, ListOriginationNumbers] */
  originationPageMax: 30,
  codeDigits: 6,
} as const;
