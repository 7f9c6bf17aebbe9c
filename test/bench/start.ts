import { start } from './page/start.mjs';

export default start;
