import { actNames as snsActNames } from '../../../protocols/sns/acts.ts';
import { actNames as sqsActNames } from '../../../protocols/sqs/acts.ts';
import { actNames as stsActNames } from '../../../protocols/sts/acts.ts';
import type { ActNames } from '../../security/policy/document.ts';

/** A misspelt one would allow nothing and, worse, deny nothing. */
export const actNames: ActNames = new Map([...sqsActNames, ...snsActNames, ...stsActNames]);
/** Not `.` nor `..`: a path with such a step is another path to all that resolve it. */
export const userNamePattern = /^(?!\.{1,2}$)[A-Za-z0-9+=,.@_-]{1,64}$/;
export const keyIdPattern = /^\w{3,128}$/;
