/** Colours, letters, and what browsers do otherwise. */
export const BASE = `
:root {
  --ink: #1c2b2a; --quiet: #53635f; --paper: #fbfaf6; --card: #ffffff; --line: #dcd8cb; --edge: #7f8a85;
  --accent: #0b6b5d; --on-accent: #ffffff; --tint: #e4f0ec; --bad: #9c2b22; --bad-tint: #fbeae7; --warm: #7a5300;
  --warm-tint: #f8efd9; --shadow: 0 1px 2px rgb(28 43 42 / 6%), 0 4px 16px rgb(28 43 42 / 5%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e8ece9; --quiet: #a3b4b1; --paper: #14201f; --card: #1a2827; --line: #33463f; --edge: #75898a;
    --accent: #6fd6c2; --on-accent: #0a2420; --tint: #1f3a36; --bad: #ffaaa0; --bad-tint: #3b2321; --warm: #ecc979;
    --warm-tint: #352c18; --shadow: none;
  }
}
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
html:not(.js) [data-needs-script], html.js .without-script { display: none !important; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--paper); color: var(--ink); font: 1.0625rem/1.5 system-ui, sans-serif;
  overflow-wrap: break-word; min-height: 100vh; min-height: 100dvh;
}
main { min-width: 0; }
main:focus { outline: none; }
h1 { font-size: clamp(1.6rem, 5vw, 2rem); line-height: 1.2; margin: 0 0 1rem; letter-spacing: -0.015em; text-wrap: balance; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 0 0 0.8rem; }
h3 { font-size: 1rem; margin: 1.4rem 0 0.6rem; }
p { margin: 0 0 0.8rem; max-width: 65ch; }
ul, ol { margin: 0 0 0.8rem; padding-left: 1.3rem; }
li { max-width: 65ch; }
a { color: var(--accent); text-underline-offset: 0.15em; }
b { font-weight: 650; }
figure { margin: 0; }
code, .address { overflow-wrap: anywhere; }
code { font: 0.88em/1.4 ui-monospace, monospace; }
time { white-space: nowrap; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 0.3rem; }
.quiet, .hint { color: var(--quiet); }
.hint { font-size: 0.92rem; line-height: 1.4; margin: 0.35rem 0 0; }
.lead { font-size: 1.1rem; color: var(--quiet); margin-bottom: 1.4rem; }
.unseen, .skip:not(:focus) {
  position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden; clip-path: inset(50%); white-space: nowrap; border: 0;
}
.skip:focus {
  position: fixed; top: 0.6rem; left: 0.6rem; z-index: 30; padding: 0.7rem 1.1rem; background: var(--card); border-radius: 0.6rem;
}
.icon { width: 1.35em; height: 1.35em; flex: none; }
.mark { width: 1.9rem; height: 1.9rem; flex: none; color: var(--accent); }
.money { white-space: nowrap; font-variant-numeric: tabular-nums lining-nums; }
.money b { font-weight: inherit; }
.unit { font-size: 0.6em; font-weight: 500; color: var(--quiet); white-space: normal; overflow-wrap: anywhere; }
.amount { font-size: clamp(2rem, 9vw, 2.8rem); font-weight: 700; line-height: 1.15; letter-spacing: -0.02em; margin: 0 0 1rem; text-wrap: wrap; }
.amount .money { white-space: normal; }
.amount .money b { white-space: nowrap; }
.amount.gain { color: var(--accent); }
@media (prefers-reduced-motion: no-preference) {
  .button, .rail a, .letters a { transition: background-color 120ms, border-color 120ms; }
}
@media (forced-colors: active) {
  .button { border: 1px solid; }
}
`;
