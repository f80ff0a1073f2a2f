import { attributeChangeCases } from './cases/attribute-changes.ts';
import { runCases } from './run-case.ts';

runCases(attributeChangeCases);
