import { asAdmin, post } from './setup/visitor.ts';

/** Adds a book for one test, so that tests do not buy each other's copies. */
export async function addBook(stock: number): Promise<number> {
	const answer = await post(
		'/api/books',
		{ title: `A test's own ${Date.now()}`, author: 'Anon', price: '12.50', stock },
		asAdmin,
	);
	if (answer.status !== 201) throw new Error(`the book was not added: ${answer.status} ${answer.text}`);
	return answer.json.id as number;
}
