import { permissionCases } from './cases/permissions.ts';
import { runCases } from './run-case.ts';

runCases(permissionCases);
