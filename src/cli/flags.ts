/** Written values by key of the option table. */
export type Flags = Readonly<Record<string, readonly string[]>>;
