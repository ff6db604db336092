/**
 * A response that is not JSON: text of one of the operation's `alternatives`, streamed in pieces, so that it can exceed
 * the memory. An error between two pieces can only break the response off, so do all checks before creating it.
 */
export class TextBody {
	readonly mediaType: `text/${string}`;
	readonly pieces: AsyncIterable<string>;

	constructor(mediaType: `text/${string}`, pieces: AsyncIterable<string>) {
		this.mediaType = mediaType;
		this.pieces = pieces;
	}
}
