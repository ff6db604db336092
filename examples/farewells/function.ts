import { declare } from '../../kit/declare/declare.ts';

export default declare({
	name: 'farewells',
	purpose: 'Notes when an account was deleted.',
	reacts: ['account.deleted'],
	data: true,
});
