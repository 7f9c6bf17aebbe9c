import { connect } from '../protocol/channel';
import { measurementContract, measurementNewsContract } from '../protocol/workers/measurement';
import { measureFlow } from './measure/measureFlow';
import { scopeTransport } from './thread/scopeTransport';

/** Measures random networks for a calculator outside the editor: what the training worker does of it, in a small bundle. */
const { remote: news } = connect(
  scopeTransport,
  measurementContract,
  { measure: (config) => measureFlow(config, (done, total) => void news.networksDone(done, total)) },
  measurementNewsContract,
  (error) => console.error(error),
);
