export { fromBase64url, toBase64url } from '../base/base64url.ts';
