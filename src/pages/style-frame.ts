/** The frame around the pages: rail and top on a desk, a bar for the thumb on a phone. */
export const FRAME = `
.brand { display: inline-flex; align-items: center; gap: 0.55rem; font-weight: 700; font-size: 1.15rem; color: var(--ink); text-decoration: none; min-height: 2.75rem; }
.where { font-size: 0.92rem; overflow-wrap: anywhere; }
.door { display: flex; justify-content: space-between; align-items: center; gap: 1rem; max-width: 66rem; margin: 0 auto; padding: max(0.6rem, env(safe-area-inset-top)) 1.25rem 0.6rem; }
.door .where { color: var(--quiet); }
.outside main { max-width: 66rem; margin: 0 auto; padding: 1.5rem 1.25rem 3rem; }
.outside.narrow main > * { max-width: 44rem; margin-inline: auto; }
.outside.narrow main > .welcome, .outside.narrow main > .doors { max-width: none; }

.top { display: flex; justify-content: space-between; align-items: center; gap: 1rem; padding: 0.5rem 1.5rem; border-bottom: 1px solid var(--line); grid-area: top; background: var(--card); }
.inside.narrow main > * { max-width: 44rem; }
.inside.narrow main { padding: 2rem clamp(1.25rem, 4vw, 3.5rem) 4rem; }
.inside main { grid-area: main; }

.rail { grid-area: rail; padding: 1.2rem 0.9rem; border-right: 1px solid var(--line); display: flex; flex-direction: column; gap: 0.2rem; }
.rail ul { list-style: none; margin: 0; padding: 0; }
.rail .compose { margin: 0 0 1rem; justify-content: flex-start; padding-left: 1.1rem; }
.rail .group { margin: 1rem 0.9rem 0.2rem; font-size: 0.82rem; color: var(--quiet); }
.rail .last { margin-top: auto; padding-top: 1.2rem; }
.rail li a, .row {
  display: flex; align-items: center; gap: 0.8rem; min-height: 2.75rem; padding: 0.3rem 0.9rem; border-radius: 0.7rem;
  color: var(--ink); text-decoration: none; width: 100%; font: inherit; background: none; border: 0; text-align: left; cursor: pointer;
}
.rail li .icon, .drawer .icon { color: var(--quiet); }
.rail li a:hover, .row:hover, .drawer a:hover { background: color-mix(in srgb, var(--ink) 6%, transparent); }
.rail [aria-current] { background: var(--tint); font-weight: 650; }
.rail [aria-current] .icon { color: var(--accent); }
.rail .compose[aria-current] { background: var(--accent); }
.rail .compose .icon { color: inherit; }
.badge { margin-left: auto; }
.count { display: inline-block; min-width: 1.5rem; padding: 0 0.4rem; border-radius: 1rem; background: var(--accent); color: var(--on-accent); font-size: 0.8rem; font-weight: 700; line-height: 1.5rem; text-align: center; }
.bar { display: none; }

@media (min-width: 60.01rem) {
  .inside { display: grid; grid-template: "top top" auto "rail main" 1fr / 15.5rem minmax(0, 1fr); }
  .rail { position: sticky; top: 0; align-self: start; max-height: 100dvh; min-height: calc(100dvh - 4rem); overflow-y: auto; }
  .drawer { display: none; }
}
@media (max-width: 60rem) {
  .rail { display: none; }
  .top { padding: max(0.3rem, env(safe-area-inset-top)) 1.1rem 0.3rem; }
  .inside main { padding-bottom: calc(5.5rem + env(safe-area-inset-bottom)); }
  .inside.narrow main { padding: 1.4rem 1.1rem calc(6rem + env(safe-area-inset-bottom)); }
  .inside.narrow main > * { margin-inline: auto; }
  .bar {
    display: grid; grid-template-columns: repeat(5, 1fr); position: fixed; inset: auto 0 0; z-index: 10; background: var(--card);
    border-top: 1px solid var(--line); padding: 0.15rem env(safe-area-inset-right) env(safe-area-inset-bottom) env(safe-area-inset-left);
  }
  .bar > a, .bar > button {
    position: relative; display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 0.1rem; min-height: 3.4rem; padding: 0.2rem;
    color: var(--quiet); text-decoration: none; font: 0.7rem/1.2 system-ui, sans-serif; background: none; border: 0; min-width: 0;
  }
  .bar .icon { width: 1.5rem; height: 1.5rem; }
  .bar [aria-current] { color: var(--accent); font-weight: 700; }
  .bar .badge { position: absolute; top: 0.2rem; left: 50%; margin-left: 0.35rem; }
  .bar .count { min-width: 1.2rem; line-height: 1.2rem; font-size: 0.72rem; padding: 0 0.3rem; }
  .drawer {
    position: fixed; inset: auto 0 0; z-index: 20; width: auto; max-width: none; margin: 0; border: 0; border-top: 1px solid var(--line); border-radius: 1.1rem 1.1rem 0 0;
    background: var(--card); color: var(--ink); padding: 0.8rem 0.8rem calc(0.8rem + env(safe-area-inset-bottom)); box-shadow: 0 -8px 40px rgb(0 0 0 / 25%);
  }
  .drawer::backdrop { background: rgb(0 0 0 / 40%); }
  .drawer ul { list-style: none; margin: 0; padding: 0; display: grid; grid-template-columns: 1fr 1fr; }
  .drawer a, .drawer .row { display: flex; align-items: center; gap: 0.8rem; min-height: 3.2rem; padding: 0.3rem 0.8rem; border-radius: 0.7rem; color: var(--ink); text-decoration: none; }
  .drawer [aria-current] { background: var(--tint); }
}

.news { position: fixed; z-index: 25; left: 50%; translate: -50% 0; bottom: 1.5rem; max-width: min(30rem, calc(100vw - 2rem)); width: max-content; padding: 0.8rem 1.2rem; border-radius: 0.8rem; background: var(--ink); color: var(--paper); box-shadow: 0 6px 30px rgb(0 0 0 / 25%); }
.news:empty { padding: 0; box-shadow: none; }
@media (max-width: 60rem) { .inside .news { bottom: calc(4.6rem + env(safe-area-inset-bottom)); } }

.folder { display: grid; grid-template-columns: minmax(19rem, 25rem) minmax(0, 1fr); min-height: calc(100dvh - 4rem); }
.folder .list { border-right: 1px solid var(--line); min-width: 0; }
.folder .list > h1, .as-heading { font-size: 1.3rem; font-weight: 700; line-height: 1.2; margin: 0; padding: 1.3rem 1.4rem 0.9rem; letter-spacing: -0.015em; }
.folder .reader { padding: 1.6rem clamp(1.2rem, 3vw, 3rem) 4rem; min-width: 0; }
.folder .choose { color: var(--quiet); text-align: center; margin: 22vh auto 0; }
.wide main > .notice { margin: 1rem 1.4rem; }
@media (max-width: 60rem) {
  .folder { display: block; min-height: 0; }
  .folder .list { border: 0; }
  .folder .list > h1 { padding-inline: 1.1rem; }
  .listing .reader, .reading .list { display: none; }
  .folder .reader { padding: 0.6rem 1.1rem 1rem; }
}

.letters { list-style: none; margin: 0; padding: 0; }
.letters li { max-width: none; border-top: 1px solid var(--line); }
.letters a, .entries li {
  display: grid; grid-template-columns: minmax(0, 1fr) fit-content(60%); gap: 0.1rem 0.9rem; padding: 0.75rem 1.4rem; color: var(--ink); text-decoration: none;
}
.letters a:hover { background: color-mix(in srgb, var(--ink) 4%, transparent); }
.letters a:focus-visible { outline-offset: -3px; }
.letters a[aria-current] { background: var(--tint); }
.letters .who, .letters .subject { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.letters .unread .who, .letters .unread .sum { font-weight: 700; }
.letters .unread { box-shadow: inset 4px 0 var(--accent); }
.sum { text-align: right; font-variant-numeric: tabular-nums lining-nums; white-space: nowrap; }
.letters .unit { font-size: 0.85rem; }
.letters .subject, .letters .when, .entries .subject, .entries .when { color: var(--quiet); font-size: 0.94rem; }
.when { text-align: right; }
.entries .sum, .when { white-space: normal; }
.letters .state { white-space: nowrap; }
.figure { white-space: nowrap; }
.boxed { border: 1px solid var(--line); border-radius: 0.9rem; overflow: hidden; background: var(--card); }
.boxed li:first-child { border-top: 0; }
.boxed a { padding-inline: 1.1rem; }
@media (max-width: 60rem) { .letters a { padding-inline: 1.1rem; } }
.pager { display: flex; justify-content: center; align-items: center; gap: 1.2rem; padding: 0.8rem; color: var(--quiet); max-width: none; }
.pager a { padding: 0.6rem; }
`;
