import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({ name: 'dice', purpose: 'Rolls dice.', api });
