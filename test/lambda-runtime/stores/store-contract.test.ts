import { testSessionStore } from '../../../lambda-runtime/src/stores.js';
import { describeEveryStore } from '../../fixtures/every-store.js';

describeEveryStore(({ open, returnsFoundRows }) => testSessionStore({
  test,
  createStore: open,
  lacks: returnsFoundRows ? {} : {
    'found-rows': 'dynalite does not return the row on which a condition failed',
    'regenerate': 'dynalite has no transactions',
  },
}));
