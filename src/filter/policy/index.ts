export { FilterIndex, type FilterResult } from './filter-index.ts';
export { jsonComplaint } from './json-complaint.ts';
export { defaultPolicyLimits, type FilterPolicyLimits } from './limits.ts';
export { type FilterOutReason, matches } from './matches.ts';
export { type FilterPolicyOptions, parseFilterPolicy } from './parse.ts';
export type { FilterPolicy, FilterPolicyScope } from './policy.ts';
export { type FilteredMessage, FilterView } from './view.ts';
