import { describeStore } from '../../storage/contract/describe-store.ts';
import { openModel } from '../support/open-model.ts';

describeStore('the model in memory', openModel, { backup: 'a model in memory has no disk' });
