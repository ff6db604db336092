import { declare } from '../../kit/declare/declare.ts';
import { api } from './api.ts';

export default declare({
	name: 'movies',
	purpose: 'Holds the catalog of movies, which anyone can read and search.',
	api,
	aliases: ['/api/films'],
	data: true,
});
