export { optimizers } from '../keras/optimizers';
