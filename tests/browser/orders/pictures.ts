import type { Pictures } from '../screens.ts';

/** Takes pictures of the guided tour: of the functions that an order has woken, and of a dead letter. */
const pictures: Pictures = async (page, save) => {
	const tour = page.getByRole('complementary', { name: 'Guided tour' });
	const press = (name: string) => tour.getByRole('button', { name, exact: true }).click();
	await page.goto('/');
	await page.getByRole('main').getByRole('button', { name: 'Take the five-minute tour' }).click();
	await press('Order a book');
	await press('Next');
	await tour.getByText('is completed after').waitFor();
	await save('tour');
	await press('Next');
	await press('Break billing, and order');
	await press('Next');
	await page.getByRole('main').getByText('answered 422').waitFor();
	await save('dead-letter');
	await press('Repair billing, and replay');
	await tour.getByText('is completed, with exactly one invoice').waitFor();
	await press('Leave the tour');
};
export default pictures;
