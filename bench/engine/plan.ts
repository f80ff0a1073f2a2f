/** What the process with the engine is asked and what it answers. */
export type EngineRequest =
  | { readonly ask: 'open'; readonly dataFolder: string; readonly waiting: number }
  /** Each round appends, receives and acks `messages`, each in a commit of its own. */
  | { readonly ask: 'run'; readonly rounds: number; readonly messages: number };

export interface EngineReply {
  readonly messages: number;
  readonly ms: number;
  readonly commits: number;
  /** The whole process: the engine's thread and the packing on this side. */
  readonly cpuUs: number;
  readonly writtenBytes: number | undefined;
  readonly residentBytes: number | undefined;
  readonly threads: readonly { readonly name: string; readonly cpuUs: number }[];
  readonly failures: readonly string[];
}
