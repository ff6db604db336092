import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'movies',
	purpose: 'The catalog of movies, to be read and searched by anyone.',
	api,
	aliases: ['/api/films'],
	data: true,
});
