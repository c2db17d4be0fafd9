import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { asScript, makeAssets } from './assets.ts';

describe('assets', () => {
  const assets = makeAssets();
  const textOf = (name: string): string => {
    const [, , version = '', ...rest] = assets.address(name).split('/');
    const asset = assets.find(version, rest.join('/')) ?? assert.fail(name);
    return Buffer.from(asset.plain).toString();
  };

  it('are found under their version only', () => {
    const [, , version = ''] = assets.address('style.css').split('/');
    assert.ok(assets.find(version, 'style.css') !== undefined);
    assert.equal(assets.find('0'.repeat(version.length), 'style.css'), undefined);
    assert.equal(assets.find(version, 'nothing.css'), undefined);
    assert.throws(() => assets.address('nothing.css'));
  });

  it('are scripts without types, whose packages have addresses', () => {
    const script = asScript(
      `import { a } from 'qr/decode.js';\nimport type { B } from '@simplewebauthn/browser';\nconst c: B = await import("@simplewebauthn/browser");\n`,
    );
    assert.match(script, /from '\.\.\/vendor\/qr\/decode\.js'/);
    assert.match(script, /import\("\.\.\/vendor\/webauthn\.js"\)/);
    assert.doesNotMatch(script, /: B|import type/);
    assert.doesNotMatch(textOf('browser/start.ts'), /\binterface\b/);
  });

  it('bring the passkey package along as a module that works', async () => {
    const url = `data:text/javascript;base64,${Buffer.from(textOf('vendor/webauthn.js')).toString('base64')}`;
    const module = (await import(url)) as Record<string, unknown>;
    for (const name of [
      'startRegistration',
      'startAuthentication',
      'browserSupportsWebAuthn',
      'browserSupportsWebAuthnAutofill',
    ])
      assert.equal(typeof module[name], 'function', name);
  });
});
