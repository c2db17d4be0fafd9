/** How the issuer's pages look. */
export const STYLE = `
:root { --ink: #1c2b2a; --quiet: #566765; --paper: #fbfaf6; --card: #ffffff; --line: #dcd8cb; --accent: #0b6b5d; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8ece9; --quiet: #a3b4b1; --paper: #14201f; --card: #1a2827; --line: #33463f; --accent: #6fd6c2; }
}
* { box-sizing: border-box; }
html { color-scheme: light dark; -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1.05rem/1.5 system-ui, sans-serif; }
main { max-width: 52rem; margin: 0 auto; padding: 2.5rem 1.2rem 3rem; overflow-wrap: break-word; }
h1 { font-size: clamp(2rem, 8vw, 2.6rem); line-height: 1.15; margin: 0; letter-spacing: -0.02em; }
h2 { font-size: 1.2rem; line-height: 1.3; margin: 2.4rem 0 0.6rem; }
p { margin: 0.6rem 0; max-width: 65ch; }
ul { margin: 0.6rem 0; padding-left: 1.2rem; }
li { margin: 0.25rem 0; max-width: 65ch; }
li::marker, a { color: var(--accent); }
header p, .quiet, footer { color: var(--quiet); }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(13rem, 1fr)); gap: 1rem; margin: 1.6rem 0 0; }
.figures div, pre { background: var(--card); border: 1px solid var(--line); border-radius: 0.7rem; }
.figures div { padding: 0.8rem 1.1rem; }
.figures dt { font-weight: 600; font-size: 0.9rem; }
.figures dd { margin: 0; font-size: 0.9rem; }
.figures .value { font-size: 1.7rem; line-height: 1.35; color: var(--accent); }
.value, table { font-variant-numeric: tabular-nums lining-nums; }
pre { margin: 0.8rem 0; padding: 0.8rem 1.1rem; white-space: pre-wrap; }
code { font-family: ui-monospace, monospace; font-size: 0.9em; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; }
.scroll:focus-visible { outline: 2px solid var(--accent); outline-offset: 4px; }
table { border-collapse: separate; border-spacing: 0; width: 100%; }
th, td { text-align: left; padding: 0.35rem 0.9rem; border-bottom: 1px solid var(--line); white-space: nowrap; }
thead th { font-weight: 600; font-size: 0.9rem; color: var(--quiet); }
tbody th { font-weight: 600; }
tbody tr:hover * { background: var(--card); }
th:first-child { position: sticky; left: 0; background: var(--paper); padding-left: 0; width: 1%; }
th:last-child, td:last-child { padding-right: 0; width: 1%; }
.number { text-align: right; }
article { background: var(--card); border: 1px solid var(--line); border-radius: 0.7rem; padding: 0.9rem 1.1rem; margin: 0.9rem 0; }
h3 { font-size: 1.05rem; line-height: 1.3; margin: 0; }
footer { margin-top: 2.4rem; font-size: 0.9rem; }
@media (max-width: 40rem) {
  main { padding-top: 1.6rem; }
  .figures { grid-template-columns: 1fr; gap: 0.7rem; }
  .figures div { display: grid; grid-template-columns: 1fr auto; align-items: center; padding: 0.6rem 1rem; }
  .figures .value { grid-column: 2; grid-row: 1 / span 2; font-size: 1.5rem; }
  pre { padding: 0.7rem 1rem; }
  table { font-size: 0.95rem; }
  th, td { padding: 0.35rem 0.7rem; }
  th:first-child { border-right: 1px solid var(--line); }
}
`;
