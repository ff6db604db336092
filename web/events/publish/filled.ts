import { Problem } from '../../api/problem.ts';

/** The fields of an event, as an admin types them. */
export interface Filled {
	readonly subject: string;
	/** JSON. */
	readonly data: string;
}

/** Returns the data. @throws {Problem} which names the field, as the shop does for other faults, if the text is not JSON */
export function readData(text: string, broken: (why: string) => string): unknown {
	try {
		return JSON.parse(text);
	} catch (cause) {
		const detail = broken((cause as Error).message);
		throw new Problem(422, detail, [{ field: 'body.data', detail }]);
	}
}
