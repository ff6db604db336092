import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

/** Encodes a value in DER (X.690): tag, length, content. */
function der(tag: number, ...parts: (string | Buffer)[]): Buffer {
	const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
	const length = content.length < 128 ? [content.length] : [0x82, content.length >> 8, content.length & 255];
	return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function certificateOf(publicKey: KeyObject, privateKey: KeyObject): string {
	const sequence = 0x30;
	const ed25519 = der(sequence, der(0x06, Buffer.from('2b6570', 'hex')));
	const commonName = der(sequence, der(0x06, Buffer.from('550403', 'hex')), der(0x0c, 'localhost'));
	const name = der(sequence, der(0x31, commonName));
	const validity = der(sequence, der(0x17, '000101000000Z'), der(0x17, '491231235959Z'));
	const key = publicKey.export({ type: 'spki', format: 'der' });
	const signed = der(sequence, der(0x02, Buffer.of(1)), ed25519, name, validity, name, key);
	const signature = sign(null, signed, privateKey);
	const text = der(sequence, signed, ed25519, der(0x03, Buffer.of(0), signature)).toString('base64');
	return `-----BEGIN CERTIFICATE-----\n${text.replace(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
}

/** Returns a new key and its self-signed certificate for `localhost` (X.509 v1), as PEM. */
export function selfSigned(): { key: string; cert: string } {
	const { publicKey, privateKey } = generateKeyPairSync('ed25519');
	return {
		key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
		cert: certificateOf(publicKey, privateKey),
	};
}
