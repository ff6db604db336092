/**
 * An answer that is not JSON: text of one of the operation's `alternatives`, in pieces, so that it may be longer than the
 * memory. What goes wrong between two pieces can only break the answer off: what may fail early belongs before it.
 */
export class Text {
	readonly mediaType: `text/${string}`;
	readonly pieces: AsyncIterable<string>;

	constructor(mediaType: `text/${string}`, pieces: AsyncIterable<string>) {
		this.mediaType = mediaType;
		this.pieces = pieces;
	}
}
