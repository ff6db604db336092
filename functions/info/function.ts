import { declare } from '../kit/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'info',
	purpose: 'Tells of every function whether it is at zero, starting or ready.',
	api,
	knows: 'functions',
});
