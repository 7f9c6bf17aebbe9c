import { drawing } from './page/drawing.mjs';

export default drawing;
